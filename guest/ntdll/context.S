/* Capturing the caller's registers, and calling exception handlers.
 *
 * Offsets in CONTEXT: Dr0 04, FloatSave 1C, SegGs 8C, SegFs 90, SegEs 94, SegDs 98, Edi 9C,
 * Esi A0, Ebx A4, Edx A8, Ecx AC, Eax B0, Ebp B4, Eip B8, SegCs BC, EFlags C0, Esp C4, SegSs C8,
 * ExtendedRegisters CC; size 2CC. */
.text

/* VOID RtlCaptureContext(CONTEXT *): the state as of the return from here; integer, control
 * and segment registers (documented: no floating point in what it sets). */
.globl _RtlCaptureContext@4
_RtlCaptureContext@4:
    pushl %ebx
    movl 8(%esp), %ebx
    movl %eax, 0xb0(%ebx)
    movl %ecx, 0xac(%ebx)
    movl %edx, 0xa8(%ebx)
    popl %eax
    movl %eax, 0xa4(%ebx)
    movl %esi, 0xa0(%ebx)
    movl %edi, 0x9c(%ebx)
    pushl %eax
    call capture_segments
    movl (%ebp), %eax
    movl %eax, 0xb4(%ebx)
    movl 4(%ebp), %eax
    movl %eax, 0xb8(%ebx)
    leal 8(%ebp), %eax
    movl %eax, 0xc4(%ebx)
    popl %ebx
    ret $4

/* ebx: CONTEXT; its segment registers, whose high halves stay, flags and ContextFlags. */
capture_segments:
    movl $0x10007, (%ebx)
    movw %gs, 0x8c(%ebx)
    movw %fs, 0x90(%ebx)
    movw %es, 0x94(%ebx)
    movw %ds, 0x98(%ebx)
    movw %cs, 0xbc(%ebx)
    movw %ss, 0xc8(%ebx)
    pushfl
    popl 0xc0(%ebx)
    ret

/* Capture the registers as they are right after the stdcall function that starts here returns:
 * leaves ebp framed, ebx at a CONTEXT in the frame. */
.macro caller_context arguments
    pushl %ebp
    movl %esp, %ebp
    pushfl
    pushl %ebx
    subl $0x2cc, %esp
    leal (%esp), %ebx
    movl %eax, 0xb0(%ebx)
    movl %ecx, 0xac(%ebx)
    movl %edx, 0xa8(%ebx)
    movl -8(%ebp), %eax
    movl %eax, 0xa4(%ebx)
    movl %esi, 0xa0(%ebx)
    movl %edi, 0x9c(%ebx)
    xorl %eax, %eax
    movl %eax, 0x8c(%ebx)
    movl %eax, 0x90(%ebx)
    movl %eax, 0x94(%ebx)
    movl %eax, 0x98(%ebx)
    movl %eax, 0xbc(%ebx)
    movl %eax, 0xc8(%ebx)
    call capture_segments
    movl -4(%ebp), %eax
    movl %eax, 0xc0(%ebx)
    movl (%ebp), %eax
    movl %eax, 0xb4(%ebx)
    movl 4(%ebp), %eax
    movl %eax, 0xb8(%ebx)
    leal 8 + \arguments(%ebp), %eax
    movl %eax, 0xc4(%ebx)
.endm

/* VOID RtlRaiseException(EXCEPTION_RECORD *). */
.globl _RtlRaiseException@4
_RtlRaiseException@4:
    caller_context 4
    fnsave 0x1c(%ebx)
    frstor 0x1c(%ebx)
    movl $0x1000f, (%ebx)
    pushl %ebx
    pushl 8(%ebp)
    call _RaiseWithContext@8
    movl -8(%ebp), %ebx
    leave
    ret $4

/* VOID RtlUnwind(frame, ip, EXCEPTION_RECORD *, value): returns value in eax, by NtContinue. */
.globl _RtlUnwind@16
_RtlUnwind@16:
    caller_context 16
    movl 20(%ebp), %eax
    movl %eax, 0xb0(%ebx)
    pushl %ebx
    pushl 16(%ebp)
    pushl 8(%ebp)
    call _UnwindFrames@12
    int3

/* int CallHandler(record, frame, context, dispatcher, handler, guard): calls an exception
 * handler below a registration of its own, whose handler is `guard`. */
.globl _CallHandler
_CallHandler:
    pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl 12(%ebp)
    pushl 28(%ebp)
    pushl %fs:0
    movl %esp, %fs:0
    pushl 20(%ebp)
    pushl 16(%ebp)
    pushl 12(%ebp)
    pushl 8(%ebp)
    xorl %ebx, %ebx
    xorl %esi, %esi
    xorl %edi, %edi
    call *24(%ebp)
    movl %fs:0, %esp
    popl %fs:0
    leal -12(%ebp), %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret
