/* The edges of C++ exception handling: the compilers' thunks load EAX with the function's
   description and jump here, with the four arguments of an exception handler on the stack. */

.text

.globl ___CxxFrameHandler3
___CxxFrameHandler3:
    pushl %eax
    pushl 16(%esp)                            /* context */
    pushl 16(%esp)                            /* frame */
    pushl 16(%esp)                            /* record */
    cld
    call _crt_cxx_frame
    addl $16, %esp
    ret

/* void crt_continue(code, frame): the end of a catch block. */
.globl _crt_continue
_crt_continue:
    movl 4(%esp), %eax
    movl 8(%esp), %ebx
    leal 12(%ebx), %ebp
    movl -4(%ebx), %esp
    jmp *%eax
