/* _CIsin and relatives: arguments and result in x87 registers, as compilers before SSE2 call them;
   and _ftol, the truncation of ST(0) to EDX:EAX. */

.macro ONE name target
.globl __CI\name
__CI\name:
    subl $12, %esp
    fstpl (%esp)
    call _\target
    addl $12, %esp
    ret
.endm

.macro TWO name target                        /* ST(1) is the first argument */
.globl __CI\name
__CI\name:
    subl $20, %esp
    fstpl 8(%esp)
    fstpl (%esp)
    call _\target
    addl $20, %esp
    ret
.endm

.macro SSE name target                        /* argument and result in XMM0 */
.globl ___libm_sse2_\name
___libm_sse2_\name:
    subl $12, %esp
    movsd %xmm0, (%esp)
    call _\target
    fstpl (%esp)
    movsd (%esp), %xmm0
    addl $12, %esp
    ret
.endm

.macro SSEF name target
.globl ___libm_sse2_\name\()f
___libm_sse2_\name\()f:
    subl $12, %esp
    cvtss2sd %xmm0, %xmm0
    movsd %xmm0, (%esp)
    call _\target
    fstpl (%esp)
    cvtsd2ss (%esp), %xmm0
    addl $12, %esp
    ret
.endm

.text
    ONE acos, crt_acos
    ONE asin, crt_asin
    ONE atan, atan
    ONE cos, crt_cos
    ONE cosh, crt_cosh
    ONE exp, crt_exp
    ONE log, crt_log
    ONE log10, crt_log10
    ONE sin, crt_sin
    ONE sinh, crt_sinh
    ONE sqrt, crt_sqrt
    ONE tan, crt_tan
    ONE tanh, tanh
    TWO atan2, atan2
    TWO fmod, crt_fmod
    TWO pow, crt_pow
    SSE acos, crt_acos
    SSEF acos, crt_acos
    SSE asin, crt_asin
    SSEF asin, crt_asin
    SSE atan, atan
    SSEF atan, atan
    SSE cos, crt_cos
    SSEF cos, crt_cos
    SSE exp, crt_exp
    SSEF exp, crt_exp
    SSE log, crt_log
    SSEF log, crt_log
    SSE log10, crt_log10
    SSEF log10, crt_log10
    SSE sin, crt_sin
    SSEF sin, crt_sin
    SSE tan, crt_tan
    SSEF tan, crt_tan

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
    call _crt_pow
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
