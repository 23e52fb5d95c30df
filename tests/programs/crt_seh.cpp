// __try, __except and __finally as Microsoft's compilers make them, alone and mixed with C++
// exceptions and longjmp. Recorded on Wine 8.0.

extern "C" {
int puts(const char *text);
char *_itoa(int value, char *out, int radix);
char *strcpy(char *to, const char *from);
char *strcat(char *to, const char *from);
void longjmp(int *buffer, int value);
int _setjmp3(int *buffer, int count, ...) __attribute__((returns_twice));
void free(void *block);
void __stdcall RaiseException(unsigned code, unsigned flags, unsigned count, const void *words);
typedef void(__cdecl *translator)(unsigned, struct _EXCEPTION_POINTERS *);
#ifdef MSVCRT
#define _set_se_translator set_translator
translator set_translator(translator) __asm__(
    "?_set_se_translator@@YAP6AXIPAU_EXCEPTION_POINTERS@@@ZP6AXI0@Z@Z");
#else
translator _set_se_translator(translator);
#endif
}

void operator delete(void *block, unsigned) noexcept
{
    free(block);
}

static void say(const char *text, int number)
{
    char line[100], digits[20];
    strcpy(line, text);
    strcat(line, " ");
    puts(strcat(line, _itoa(number, digits, 10)));
}

struct Noisy {
    int id;
    explicit Noisy(int id) : id(id) { say("make", id); }
    ~Noisy() { say("end", id); }
};

static int volatile zero;
static int *volatile nowhere;

static void write_through(int *where)
{
    *where = 1;
}

static void divide_by_zero()
{
    say("quotient", 100 / zero);
}

// The compiler takes a call to lead to an exception, but not a memory access.
static void (*volatile write)(int *) = write_through;
static void (*volatile divide)() = divide_by_zero;

static int filter(const char *name, int answer, unsigned code)
{
    puts(name);
    say("code", code == 0xC0000005 ? 5 : code == 0xC0000094 ? 94 : code == 0xE06D7363 ? 100 :
                code == 0x12345 ? 12345 : -1);
    return answer;
}

static void simple()
{
    __try {
        write(nowhere);
    } __except (filter("access", 1, _exception_code())) {
        say("caught", _exception_code() == 0xC0000005);
    }
    __try {
        divide();
    } __except (filter("division", 1, _exception_code())) {
        puts("divided");
    }
    __try {
        RaiseException(0x12345, 0, 0, nullptr);
        puts("continued");
    } __except (filter("continue", -1, _exception_code())) {
        puts("not here");
    }
}

__attribute__((noinline)) static void with_finally(int how)
{
    __try {
        __try {
            if (how == 0)
                RaiseException(0x12345, 0, 0, nullptr);
            if (how == 1)
                return;
            puts("through");
        } __finally {
            say("inner abnormal", _abnormal_termination());
        }
    } __finally {
        say("outer abnormal", _abnormal_termination());
    }
}

static void nested()
{
    for (int how = 0; how < 3; how++) {
        __try {
            __try {
                with_finally(how);
            } __except (filter("declines", 0, _exception_code())) {
                puts("wrong");
            }
        } __except (filter("accepts", 1, _exception_code())) {
            puts("right");
        }
    }
    __try {
        __try {
            RaiseException(0x12345, 0, 0, nullptr);
        } __except (1) {
            write(nowhere);
        }
    } __except (filter("second", 1, _exception_code())) {
        puts("from the handler");
    }
    __try {
        __try {
            RaiseException(0x12345, 0, 0, nullptr);
        } __finally {
            divide();
        }
    } __except (filter("collided", 1, _exception_code())) {
        puts("from the finally");
    }
}

__attribute__((noinline)) static void throws(int number)
{
    Noisy noisy(number);
    throw number;
}

__attribute__((noinline)) static void throws_through_finally(int number)
{
    __try {
        throws(number);
    } __finally {
        puts("finally");
    }
}

__attribute__((noinline)) static void raises_in_cxx(int number)
{
    Noisy noisy(number);
    write(nowhere);
}

static void mixed()
{
    try {
        throws_through_finally(1);
    } catch (int number) {
        say("caught", number);
    }
}

static void mixed_seh()
{
    __try {
        throws(2);
    } __except (filter("C++", 1, _exception_code())) {
        puts("by SEH");
    }
}

static void translate(unsigned code, struct _EXCEPTION_POINTERS *)
{
    throw (long)(code & 0xFF);
}

static void translated()
{
    translator old = _set_se_translator(translate);
    try {
        raises_in_cxx(3);
    } catch (long number) {
        say("translated", (int)number);
    } catch (...) {
        puts("not translated");
    }
    _set_se_translator(old);
}

static int buffer[16];

__attribute__((noinline)) static void jumps_out()
{
    __try {
        longjmp(buffer, 4);
    } __finally {
        say("finally of a jump", _abnormal_termination());
    }
}

static void jumps()
{
    int value = _setjmp3(buffer, 0);
    if (!value)
        jumps_out();
    say("landed", value);
}

int main()
{
    simple();
    nested();
    mixed();
    mixed_seh();
    translated();
    jumps();
    return 0;
}
