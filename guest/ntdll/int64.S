/* 64-bit arithmetic and stack probes that compilers call. stdcall unless said otherwise. */
.text

/* edx:eax = a * b; arguments a, b. */
.globl __allmul@16
__allmul@16:
    movl 4(%esp), %eax
    mull 16(%esp)
    movl %eax, %ecx
    movl 4(%esp), %eax
    mull 12(%esp)
    pushl %eax
    addl %ecx, %edx
    movl 12(%esp), %eax
    imull 16(%esp), %eax
    addl %eax, %edx
    popl %eax
    ret $16

/* Shifts: value edx:eax, count cl. */
.globl __allshl
__allshl:
    cmpb $64, %cl
    jae 2f
    cmpb $32, %cl
    jae 1f
    shldl %cl, %eax, %edx
    shll %cl, %eax
    ret
1:  movl %eax, %edx
    xorl %eax, %eax
    andb $31, %cl
    shll %cl, %edx
    ret
2:  xorl %eax, %eax
    xorl %edx, %edx
    ret

.globl __allshr
__allshr:
    cmpb $64, %cl
    jae 2f
    cmpb $32, %cl
    jae 1f
    shrdl %cl, %edx, %eax
    sarl %cl, %edx
    ret
1:  movl %edx, %eax
    sarl $31, %edx
    andb $31, %cl
    sarl %cl, %eax
    ret
2:  sarl $31, %edx
    movl %edx, %eax
    ret

.globl __aullshr
__aullshr:
    cmpb $64, %cl
    jae 2f
    cmpb $32, %cl
    jae 1f
    shrdl %cl, %edx, %eax
    shrl %cl, %edx
    ret
1:  movl %edx, %eax
    xorl %edx, %edx
    andb $31, %cl
    shrl %cl, %eax
    ret
2:  xorl %eax, %eax
    xorl %edx, %edx
    ret

/* divide: edi:esi / ecx:ebx unsigned -> quotient edx:eax, remainder ecx:ebx.
 * Schoolbook for a 32-bit divisor; otherwise one scaled 64/32 division and a correction. */
divide:
    testl %ecx, %ecx
    jnz 1f
    movl %edi, %eax
    xorl %edx, %edx
    divl %ebx
    movl %eax, %ecx
    movl %esi, %eax
    divl %ebx
    movl %edx, %ebx
    movl %ecx, %edx
    xorl %ecx, %ecx
    ret
1:  pushl %ebp
    pushl %ecx
    pushl %ebx
    movl %edi, %edx
    movl %esi, %eax
    movl %ecx, %ebp
2:  shrl $1, %ebp
    rcrl $1, %ebx
    shrl $1, %edx
    rcrl $1, %eax
    testl %ebp, %ebp
    jnz 2b
    divl %ebx
    movl %eax, %ebp
    mull 4(%esp)
    movl %eax, %ecx
    movl %ebp, %eax
    mull (%esp)
    addl %ecx, %edx
    jc 3f
    cmpl %edi, %edx
    ja 3f
    jb 4f
    cmpl %esi, %eax
    jbe 4f
3:  decl %ebp
    subl (%esp), %eax
    sbbl 4(%esp), %edx
4:  subl %eax, %esi
    sbbl %edx, %edi
    movl %esi, %ebx
    movl %edi, %ecx
    movl %ebp, %eax
    xorl %edx, %edx
    addl $8, %esp
    popl %ebp
    ret

/* Load the arguments of a division, at 16(%esp) after three pushes. */
.macro load_unsigned
    pushl %ebx
    pushl %esi
    pushl %edi
    movl 16(%esp), %esi
    movl 20(%esp), %edi
    movl 24(%esp), %ebx
    movl 28(%esp), %ecx
.endm

.macro restore
    popl %edi
    popl %esi
    popl %ebx
.endm

.macro negate high, low
    negl \low
    adcl $0, \high
    negl \high
.endm

.globl __aulldiv@16
__aulldiv@16:
    load_unsigned
    call divide
    restore
    ret $16

.globl __aullrem@16
__aullrem@16:
    load_unsigned
    call divide
    movl %ebx, %eax
    movl %ecx, %edx
    restore
    ret $16

/* Quotient in edx:eax, remainder in ebx:ecx. */
.globl __aulldvrm
__aulldvrm:
    pushl %esi
    pushl %edi
    movl 12(%esp), %esi
    movl 16(%esp), %edi
    movl 20(%esp), %ebx
    movl 24(%esp), %ecx
    call divide
    xchgl %ebx, %ecx
    popl %edi
    popl %esi
    ret $16

/* Absolute values first; the quotient's sign is the xor of both, the remainder's the dividend's. */
.macro absolute
    testl %edi, %edi
    jns 11f
    negate %edi, %esi
11: testl %ecx, %ecx
    jns 12f
    negate %ecx, %ebx
12:
.endm

.globl __alldiv@16
__alldiv@16:
    load_unsigned
    absolute
    call divide
    movl 20(%esp), %ecx
    xorl 28(%esp), %ecx
    jns 1f
    negate %edx, %eax
1:  restore
    ret $16

.globl __allrem@16
__allrem@16:
    load_unsigned
    absolute
    call divide
    movl %ebx, %eax
    movl %ecx, %edx
    cmpl $0, 20(%esp)
    jns 1f
    negate %edx, %eax
1:  restore
    ret $16

.globl __alldvrm
__alldvrm:
    pushl %esi
    pushl %edi
    movl 12(%esp), %esi
    movl 16(%esp), %edi
    movl 20(%esp), %ebx
    movl 24(%esp), %ecx
    absolute
    call divide
    movl 16(%esp), %esi
    xorl 24(%esp), %esi
    jns 1f
    negate %edx, %eax
1:  cmpl $0, 16(%esp)
    jns 2f
    negate %ecx, %ebx
2:  xchgl %ebx, %ecx
    popl %edi
    popl %esi
    ret $16

/* What clang and gcc call for 64-bit division, cdecl. */
.globl ___udivdi3
___udivdi3:
    load_unsigned
    call divide
    restore
    ret

.globl ___umoddi3
___umoddi3:
    load_unsigned
    call divide
    movl %ebx, %eax
    movl %ecx, %edx
    restore
    ret

.globl ___divdi3
___divdi3:
    pushl 16(%esp)
    pushl 16(%esp)
    pushl 16(%esp)
    pushl 16(%esp)
    call __alldiv@16
    ret

.globl ___moddi3
___moddi3:
    pushl 16(%esp)
    pushl 16(%esp)
    pushl 16(%esp)
    pushl 16(%esp)
    call __allrem@16
    ret

/* Grow the stack by eax bytes, touching each page on the way down. */
.globl __chkstk
.globl __alloca
__chkstk:
__alloca:
    pushl %ecx
    leal 8(%esp), %ecx
1:  cmpl $0x1000, %eax
    jb 2f
    subl $0x1000, %ecx
    testl %eax, (%ecx)
    subl $0x1000, %eax
    jmp 1b
2:  subl %eax, %ecx
    testl %eax, (%ecx)
    movl %esp, %eax
    movl %ecx, %esp
    movl (%eax), %ecx
    pushl 4(%eax)
    ret

/* Round the size so that the new stack pointer is aligned. */
.globl __alloca_probe_8
__alloca_probe_8:
    pushl %ecx
    leal 8(%esp), %ecx
    subl %eax, %ecx
    andl $7, %ecx
    addl %ecx, %eax
    popl %ecx
    jmp __chkstk

.globl __alloca_probe_16
__alloca_probe_16:
    pushl %ecx
    leal 8(%esp), %ecx
    subl %eax, %ecx
    andl $15, %ecx
    addl %ecx, %eax
    popl %ecx
    jmp __chkstk

/* edx:eax = the top of the x87 stack, truncated. */
.globl __ftol
__ftol:
    subl $12, %esp
    fnstcw 8(%esp)
    movw 8(%esp), %ax
    orw $0x0c00, %ax
    movw %ax, 10(%esp)
    fldcw 10(%esp)
    fistpll (%esp)
    fldcw 8(%esp)
    popl %eax
    popl %edx
    addl $4, %esp
    ret
