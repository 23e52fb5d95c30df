/* BOOL raise_guarded(EXCEPTION_RECORD *): raises it below a frame that handles it itself; TRUE if
 * it came that far, FALSE if a handler before it let execution go on. */
    .text
    .globl _raise_guarded
_raise_guarded:
    pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl $guard_handler
    pushl %fs:0
    movl %esp, %fs:0
    pushl 8(%ebp)
    call *__imp__RtlRaiseException@4
    xorl %eax, %eax
leave_guard:
    leal -20(%ebp), %esp /* the frame */
    popl %fs:0
    popl %ecx
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

/* An exception handler: unwind to the frame and leave through it. */
guard_handler:
    movl 4(%esp), %eax
    testl $6, 4(%eax) /* EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND */
    jnz 1f
    pushl $0
    pushl %eax
    pushl $0
    pushl 20(%esp) /* the frame */
    call *__imp__RtlUnwind@16
    movl 8(%esp), %ebp
    addl $20, %ebp
    movl $1, %eax
    jmp leave_guard
1:  movl $1, %eax /* ExceptionContinueSearch */
    ret
