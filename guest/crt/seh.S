/* Structured exception handling for code of Microsoft's compilers, and setjmp.

   Frame of _except_handler3, below the saved EBP at [frame+16]:
       -8 saved ESP   -4 exception pointers   0 next   4 handler   8 scope table   12 try level
   Scope table entry: 0 enclosing level, 4 filter (0: a __finally), 8 handler. Level -1 is none. */

.text

/* int filter(void *ebp): calls a filter or a __finally of the frame whose EBP is given. */
.globl _crt_call_in_frame
_crt_call_in_frame:                           /* (function, ebp) */
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl 20(%esp), %eax
    movl 24(%esp), %ebp
    call *%eax
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

/* Goes on at an exception handler of the frame; it restores its own ESP from EBP-0x18. */
.globl _crt_jump_in_frame
_crt_jump_in_frame:                           /* (function, ebp) */
    movl 4(%esp), %eax
    movl 8(%esp), %ebp
    xorl %ebx, %ebx
    xorl %ecx, %ecx
    xorl %edx, %edx
    xorl %esi, %esi
    xorl %edi, %edi
    jmp *%eax

/* void _global_unwind2(frame) */
.globl __global_unwind2
__global_unwind2:
    pushl $0
    pushl 8(%esp)
    call _crt_unwind
    addl $8, %esp
    ret

/* void crt_unwind(frame, record) */
.globl _crt_unwind
_crt_unwind:
    pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl $0
    pushl 12(%ebp)
    pushl $1f
    pushl 8(%ebp)
    call _RtlUnwind@16
1:  popl %edi
    popl %esi
    popl %ebx
    movl %ebp, %esp
    popl %ebp
    ret

/* The jump buffer: Ebp Ebx Edi Esi Esp Eip Registration TryLevel Cookie UnwindFunc UnwindData[6] */
.globl __setjmp
__setjmp:
    movl 4(%esp), %edx
    movl %ebp, 0(%edx)
    movl %ebx, 4(%edx)
    movl %edi, 8(%edx)
    movl %esi, 12(%edx)
    movl %esp, 16(%edx)
    movl (%esp), %eax
    movl %eax, 20(%edx)
    movl %fs:0, %eax
    movl %eax, 24(%edx)
    movl $-1, 28(%edx)
    cmpl $-1, %eax
    je 1f
    movl 12(%eax), %eax
    movl %eax, 28(%edx)
1:  xorl %eax, %eax
    ret

/* _setjmp3(buffer, count, unwind function, try level, data…) */
.globl __setjmp3
__setjmp3:
    movl 4(%esp), %edx
    movl %ebp, 0(%edx)
    movl %ebx, 4(%edx)
    movl %edi, 8(%edx)
    movl %esi, 12(%edx)
    movl %esp, 16(%edx)
    movl (%esp), %eax
    movl %eax, 20(%edx)
    movl $0x56433230, 32(%edx)
    movl $0, 36(%edx)
    movl $-1, 28(%edx)
    movl %fs:0, %eax
    movl %eax, 24(%edx)
    cmpl $-1, %eax
    je 3f
    movl 8(%esp), %ecx
    testl %ecx, %ecx
    jz 2f
    movl 12(%esp), %eax
    movl %eax, 36(%edx)
    decl %ecx
    jz 2f
    movl 16(%esp), %eax
    movl %eax, 28(%edx)
    decl %ecx
    jz 3f
    pushl %esi
    pushl %edi
    leal 28(%esp), %esi                       /* first of the data, above two saved registers */
    leal 40(%edx), %edi
    cmpl $6, %ecx
    jbe 1f
    movl $6, %ecx
1:  rep movsl
    popl %edi
    popl %esi
    jmp 3f
2:  movl 24(%edx), %eax
    movl 12(%eax), %eax
    movl %eax, 28(%edx)
3:  xorl %eax, %eax
    ret

/* void crt_restore(buffer, value): the end of longjmp. */
.globl _crt_restore
_crt_restore:
    movl 4(%esp), %edx
    movl 8(%esp), %eax
    movl 0(%edx), %ebp
    movl 4(%edx), %ebx
    movl 8(%edx), %edi
    movl 12(%edx), %esi
    movl 16(%edx), %esp
    addl $4, %esp
    jmp *20(%edx)

/* The prologue helper of functions with C++ cleanup: EAX is the handler. */
.globl __EH_prolog
__EH_prolog:
    pushl $-1
    pushl %eax
    pushl %fs:0
    movl %esp, %fs:0
    movl 12(%esp), %eax
    movl %ebp, 12(%esp)
    leal 12(%esp), %ebp
    pushl %eax
    ret

/* _chkesp: called with the flags of a comparison of ESP; nothing to report when equal. */
.globl __chkesp
__chkesp:
    jne 1f
    ret
1:  int3
    ret
