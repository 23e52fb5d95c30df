/* Where the kernel enters user mode. None of these has a return address on the stack. */
.text

/* [esp] NormalRoutine, +4 NormalContext, +8 Argument1, +12 Argument2, +16 CONTEXT. */
.globl _KiUserApcDispatcher@0
_KiUserApcDispatcher@0:
    leal 16(%esp), %edi
    popl %eax
    call *%eax
    pushl $1
    pushl %edi
    call _NtContinue@8
    pushl %eax
    call _RtlRaiseStatus@4
    int3

/* [esp] EXCEPTION_RECORD *, +4 CONTEXT *. */
.globl _KiUserExceptionDispatcher@0
_KiUserExceptionDispatcher@0:
    cld
    movl (%esp), %ebx
    movl 4(%esp), %edi
    pushl %edi
    pushl %ebx
    call _RtlDispatchException@8
    testb %al, %al
    jz 1f
    pushl $0
    pushl %edi
    call _NtContinue@8
    jmp 2f
1:  pushl $0
    pushl %edi
    pushl %ebx
    call _NtRaiseException@12
2:  pushl %eax
    pushl %ebx
    call _RaiseFromDispatcher@8
    int3

/* +4 index, +8 argument, +12 its length; the table is the PEB's. */
.globl _KiUserCallbackDispatcher@0
_KiUserCallbackDispatcher@0:
    movl 4(%esp), %eax
    pushl 12(%esp)
    pushl 12(%esp)
    movl %fs:0x30, %edx
    movl 0x2c(%edx), %edx
    call *(%edx, %eax, 4)
    pushl %eax
    pushl $0
    pushl $0
    call _NtCallbackReturn@12
    int3

/* In place of the return from a system call: the code is in the TEB, the status in eax. */
.globl _KiRaiseUserExceptionDispatcher@0
_KiRaiseUserExceptionDispatcher@0:
    pushl %ebp
    movl %esp, %ebp
    subl $0x54, %esp
    movl %eax, -4(%ebp)
    movl %fs:0x1a4, %eax
    movl %eax, -0x54(%ebp)
    movl $0, -0x50(%ebp)
    movl $0, -0x4c(%ebp)
    movl 4(%ebp), %eax
    movl %eax, -0x48(%ebp)
    movl $0, -0x44(%ebp)
    leal -0x54(%ebp), %eax
    pushl %eax
    call _RtlRaiseException@4
    movl -4(%ebp), %eax
    leave
    ret

/* The first instruction of every thread: eax start address, ebx argument.
 * Its frame is the outermost one of the chain at FS:[0]. */
.globl _RtlUserThreadStart@0
_RtlUserThreadStart@0:
    xorl %ebp, %ebp
    pushl %ebp
    pushl %ebp
    movl %esp, %ebp
    pushl $_OutermostHandler
    pushl %fs:0
    movl %esp, %fs:0
    pushl %ebx
    call *%eax
    pushl %eax
    call _RtlExitUserThread@4
    int3

/* BOOL CallEntryPoint(entry, base, reason, reserved, raised): DllMain, whatever it does to esp.
 * An exception in it ends up in *raised, unless that pointer is NULL. */
.globl _CallEntryPoint
_CallEntryPoint:
    pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl 24(%ebp)
    pushl $_EntryPointHandler
    pushl %fs:0
    movl %esp, %fs:0
    pushl 20(%ebp)
    pushl 16(%ebp)
    pushl 12(%ebp)
    call *8(%ebp)
1:  leal -24(%ebp), %esp
    popl %fs:0
    addl $8, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

/* LeaveEntryPoint(frame): return FALSE from the CallEntryPoint whose frame has been unwound to. */
.globl _LeaveEntryPoint
_LeaveEntryPoint:
    movl 4(%esp), %ebp
    addl $24, %ebp
    xorl %eax, %eax
    jmp 1b

.globl _DbgBreakPoint@0
.globl _DbgUserBreakPoint@0
_DbgBreakPoint@0:
_DbgUserBreakPoint@0:
    int3
    ret

/* DebugService(service, text, length): INT 2Dh, the debugger's gate. */
.globl _DebugService
_DebugService:
    pushl %ebx
    movl 8(%esp), %eax
    movl 12(%esp), %ecx
    movl 16(%esp), %edx
    xorl %ebx, %ebx
    int $0x2d
    int3
    popl %ebx
    ret
