/* _CIsin and relatives: arguments and result in x87 registers, as compilers before SSE2 call them;
   and _ftol, the truncation of ST(0) to EDX:EAX. */

.macro ONE name
.globl __CI\name
__CI\name:
    subl $12, %esp
    fstpl (%esp)
    call _\name
    addl $12, %esp
    ret
.endm

.macro TWO name                               /* ST(1) is the first argument */
.globl __CI\name
__CI\name:
    subl $20, %esp
    fstpl 8(%esp)
    fstpl (%esp)
    call _\name
    addl $20, %esp
    ret
.endm

.macro SSE name                               /* argument and result in XMM0 */
.globl ___libm_sse2_\name
___libm_sse2_\name:
    subl $12, %esp
    movsd %xmm0, (%esp)
    call _\name
    fstpl (%esp)
    movsd (%esp), %xmm0
    addl $12, %esp
    ret
.endm

.macro SSEF name
.globl ___libm_sse2_\name\()f
___libm_sse2_\name\()f:
    subl $12, %esp
    cvtss2sd %xmm0, %xmm0
    movsd %xmm0, (%esp)
    call _\name
    fstpl (%esp)
    cvtsd2ss (%esp), %xmm0
    addl $12, %esp
    ret
.endm

.text
    ONE acos
    ONE asin
    ONE atan
    ONE cos
    ONE cosh
    ONE exp
    ONE log
    ONE log10
    ONE sin
    ONE sinh
    ONE sqrt
    ONE tan
    ONE tanh
    TWO atan2
    TWO fmod
    TWO pow
    SSE acos
    SSEF acos
    SSE asin
    SSEF asin
    SSE atan
    SSEF atan
    SSE cos
    SSEF cos
    SSE exp
    SSEF exp
    SSE log
    SSEF log
    SSE log10
    SSEF log10
    SSE sin
    SSEF sin
    SSE tan
    SSEF tan

.globl ___libm_sse2_atan2
___libm_sse2_atan2:
    subl $20, %esp
    movsd %xmm0, (%esp)
    movsd %xmm1, 8(%esp)
    call _atan2
    fstpl (%esp)
    movsd (%esp), %xmm0
    addl $20, %esp
    ret

.globl ___libm_sse2_pow
___libm_sse2_pow:
    subl $20, %esp
    movsd %xmm0, (%esp)
    movsd %xmm1, 8(%esp)
    call _pow
    fstpl (%esp)
    movsd (%esp), %xmm0
    addl $20, %esp
    ret

.globl ___libm_sse2_powf
___libm_sse2_powf:
    subl $12, %esp
    movss %xmm0, (%esp)
    movss %xmm1, 4(%esp)
    call _powf
    fstps (%esp)
    movss (%esp), %xmm0
    addl $12, %esp
    ret

.globl __ftol
__ftol:
    subl $12, %esp
    fnstcw 8(%esp)
    movw 8(%esp), %ax
    orw $0x0C00, %ax
    movw %ax, 10(%esp)
    fldcw 10(%esp)
    fistpll (%esp)
    fldcw 8(%esp)
    movl (%esp), %eax
    movl 4(%esp), %edx
    addl $12, %esp
    ret
