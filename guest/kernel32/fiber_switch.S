/* void fiber_switch(struct fiber *from, struct fiber *to): 20 is the offset of stack_pointer. */
    .intel_syntax noprefix
    .text
    .globl _fiber_switch
_fiber_switch:
    mov eax, [esp+4]
    mov ecx, [esp+8]
    push ebp
    push edi
    push esi
    push ebx
    mov [eax+20], esp
    mov esp, [ecx+20]
    pop ebx
    pop esi
    pop edi
    pop ebp
    ret

/* A new fiber: ebx its address, esi its routine; a thread's outermost frame guards it. */
    .globl _fiber_begin
_fiber_begin:
    mov eax, esi
    jmp dword ptr [__imp__RtlUserThreadStart@0]
