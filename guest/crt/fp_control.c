/* The floating-point environment: x87 and SSE control and status words, kept alike. */
#include "crt.h"

/* Microsoft's abstract word: exceptions masked, denormals, precision, rounding. */
enum { EM_INEXACT = 1, EM_UNDERFLOW = 2, EM_OVERFLOW = 4, EM_ZERODIVIDE = 8, EM_INVALID = 16,
       EM_DENORMAL = 0x80000, MCW_EM = 0x8001F, RC_DOWN = 0x100, RC_UP = 0x200, MCW_RC = 0x300,
       PC_53 = 0x10000, PC_24 = 0x20000, MCW_PC = 0x30000, IC_AFFINE = 0x40000,
       DN_FLUSH = 0x1000000, MCW_DN = 0x3000000 };

static const struct { unsigned hardware, abstract; } exceptions[] = {
    {1, EM_INVALID}, {2, EM_DENORMAL}, {4, EM_ZERODIVIDE}, {8, EM_OVERFLOW}, {16, EM_UNDERFLOW},
    {32, EM_INEXACT},
};

static unsigned short x87_control(void)
{
    unsigned short word;

    __asm__ volatile("fnstcw %0" : "=m"(word));
    return word;
}

static void set_x87_control(unsigned short word)
{
    __asm__ volatile("fldcw %0" : : "m"(word));
}

static unsigned short x87_status(void)
{
    unsigned short word;

    __asm__ volatile("fnstsw %0" : "=m"(word));
    return word;
}

static unsigned sse(void)
{
    unsigned word;

    __asm__ volatile("stmxcsr %0" : "=m"(word));
    return word;
}

static void set_sse(unsigned word)
{
    __asm__ volatile("ldmxcsr %0" : : "m"(word));
}

static unsigned to_abstract(unsigned hardware)
{
    unsigned abstract = 0;

    for (size_t i = 0; i < COUNT_OF(exceptions); i++)
        if (hardware & exceptions[i].hardware)
            abstract |= exceptions[i].abstract;
    return abstract;
}

static unsigned to_hardware(unsigned abstract)
{
    unsigned hardware = 0;

    for (size_t i = 0; i < COUNT_OF(exceptions); i++)
        if (abstract & exceptions[i].abstract)
            hardware |= exceptions[i].hardware;
    return hardware;
}

static unsigned x87_abstract(void)
{
    unsigned word = x87_control(), precision = word >> 8 & 3, abstract = to_abstract(word & 0x3F);

    abstract |= (word >> 10 & 3) << 8;
    abstract |= precision == 0 ? PC_24 : precision == 2 ? PC_53 : 0;
    return abstract | (word & 0x1000 ? IC_AFFINE : 0);
}

static unsigned sse_abstract(void)
{
    unsigned word = sse();

    return to_abstract(word >> 7 & 0x3F) | (word >> 13 & 3) << 8 | (word & 0x8000 ? DN_FLUSH : 0);
}

static void put_x87(unsigned abstract)
{
    unsigned word = x87_control() & ~0x1F3Fu;

    word |= to_hardware(abstract) | (abstract >> 8 & 3) << 10;
    word |= (abstract & MCW_PC) == PC_24 ? 0 : (abstract & MCW_PC) == PC_53 ? 0x200 : 0x300;
    word |= abstract & IC_AFFINE ? 0x1000 : 0;
    set_x87_control((unsigned short)word);
}

static void put_sse(unsigned abstract)
{
    unsigned word = sse() & ~0xFF80u;

    word |= to_hardware(abstract) << 7 | (abstract >> 8 & 3) << 13;
    set_sse(word | (abstract & DN_FLUSH ? 0x8000 : 0));
}

int __control87_2(unsigned value, unsigned mask, unsigned *x87, unsigned *vector)
{
    if (x87) {
        unsigned now = x87_abstract();
        if (mask)
            put_x87((now & ~mask) | (value & mask));
        *x87 = x87_abstract();
    }
    if (vector) {
        unsigned now = sse_abstract();
        if (mask)
            put_sse((now & ~mask) | (value & mask));
        *vector = sse_abstract();
    }
    return 1;
}

unsigned _control87(unsigned value, unsigned mask)
{
    unsigned x87, vector;

    __control87_2(value, mask, &x87, &vector);
    return x87 | (vector & (MCW_EM | MCW_DN));
}

/* As _control87, but the denormal exception stays as it is. */
unsigned _controlfp(unsigned value, unsigned mask)
{
    return _control87(value, mask & ~(unsigned)EM_DENORMAL);
}

int _controlfp_s(unsigned *now, unsigned value, unsigned mask)
{
    unsigned known = MCW_EM | MCW_RC | MCW_PC | IC_AFFINE | MCW_DN;

    if (value & mask & ~known) {
        if (now)
            *now = _controlfp(0, 0);
        return crt_invalid(EINVAL);
    }
    value = _controlfp(value, mask);
    if (now)
        *now = value;
    return 0;
}

void _set_controlfp(unsigned value, unsigned mask)
{
    _controlfp(value, mask);
}

void _fpreset(void)
{
    __asm__ volatile("fninit");
    set_x87_control(0x27F);
    set_sse(0x1F80);
}

unsigned _statusfp(void)
{
    return to_abstract((x87_status() | sse()) & 0x3F);
}

void _statusfp2(unsigned *x87, unsigned *vector)
{
    if (x87)
        *x87 = to_abstract(x87_status() & 0x3F);
    if (vector)
        *vector = to_abstract(sse() & 0x3F);
}

unsigned _clearfp(void)
{
    unsigned old = _statusfp();

    __asm__ volatile("fnclex");
    set_sse(sse() & ~0x3Fu);
    return old;
}

int _set_SSE2_enable(int on)
{
    return on != 0;
}

/* C99's functions. FE_INVALID is 0x10 … FE_INEXACT 1, rounding 0x000 nearest … 0x300 to zero. */
struct environment {
    unsigned control, status;
};

int fegetround(void)
{
    return (int)(x87_abstract() & MCW_RC);
}

int fesetround(int mode)
{
    if (mode & ~MCW_RC)
        return 1;
    _control87((unsigned)mode, MCW_RC);
    return 0;
}

int __fpe_flt_rounds(void)
{
    static const int rounds[] = {1, 3, 2, 0};

    return rounds[fegetround() >> 8];
}

int fetestexcept(int which)
{
    return (int)_statusfp() & which & 0x1F;
}

int feclearexcept(int which)
{
    unsigned keep = _statusfp() & ~(unsigned)which;

    _clearfp();
    set_sse(sse() | to_hardware(keep));
    return 0;
}

int fegetenv(struct environment *out)
{
    out->control = _control87(0, 0);
    out->status = _statusfp();
    return 0;
}

int fesetenv(const struct environment *from)
{
    _clearfp();
    _control87(from->control, MCW_EM | MCW_RC | MCW_PC | MCW_DN | IC_AFFINE);
    set_sse(sse() | to_hardware(from->status));
    return 0;
}

int feholdexcept(struct environment *out)
{
    fegetenv(out);
    _clearfp();
    _control87(MCW_EM, MCW_EM);
    return 0;
}

int fegetexceptflag(unsigned *out, int which)
{
    *out = (unsigned)fetestexcept(which);
    return 0;
}

int fesetexceptflag(const unsigned *from, int which)
{
    feclearexcept(which);
    set_sse(sse() | to_hardware(*from & (unsigned)which));
    return 0;
}
