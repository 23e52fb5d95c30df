// C++ exceptions and run-time types as Microsoft's compilers make them, in msvcrt.dll (-DMSVCRT)
// or vcruntime140.dll. Recorded on Wine 8.0.

extern "C" {
int puts(const char *text);
char *_itoa(int value, char *out, int radix);
char *strcpy(char *to, const char *from);
char *strcat(char *to, const char *from);
void longjmp(int *buffer, int value);
int _setjmp3(int *buffer, int count, ...) __attribute__((returns_twice));
void *malloc(unsigned size);
void free(void *block);
#ifndef MSVCRT
int __uncaught_exceptions();
#endif
}

namespace std {
class type_info {
public:
    virtual ~type_info();
};
}

void *operator new(unsigned size)
{
    return malloc(size);
}

void operator delete(void *block, unsigned) noexcept
{
    free(block);
}

void operator delete(void *block) noexcept
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
    Noisy(const Noisy &other) : id(other.id + 1000) { say("copy", id); }
    ~Noisy() { say("end", id); }
};
struct Left { int left = 1; virtual ~Left() {} };
struct Right { int right = 2; virtual ~Right() {} };
struct Both : Left, Right { int both = 3; };
struct Root { int root = 7; virtual ~Root() {} };
struct ViaA : virtual Root { int a = 1; };
struct ViaB : virtual Root { int b = 2; };
struct Diamond : ViaA, ViaB { int d = 4; };
struct Hidden : private Left { int hidden = 5; };
static int zero;

__attribute__((noinline)) static void raise_one(int which)
{
    Noisy local(which);
    static int target = 77;
    switch (which) {
    case 1: throw 42;
    case 2: throw Noisy(20);
    case 3: throw "text";
    case 4: throw 2.5;
    case 5: throw Both();
    case 6: throw Diamond();
    case 7: throw &target;
    case 8: throw (const int *)&target;
    case 9: throw 'c';
    case 10: throw Hidden();
    case 11: throw new Both();
    case 12: throw 5ll << 32;
    }
}

static void each_type(int which)
{
    try {
        Noisy outer(100 + which);
        raise_one(which);
        puts("nothing");
    } catch (int value) {
        say("int", value);
    } catch (Noisy value) {
        say("by value", value.id);
    } catch (const char *text) {
        puts(text);
    } catch (Right &right) {
        say("right", right.right);
    } catch (Root root) {
        say("root", root.root);
    } catch (int *number) {
        say("pointer", *number);
    } catch (const int *number) {
        say("const pointer", *number);
    } catch (Right *right) {
        say("pointer to right", right->right);
    } catch (Left &) {
        puts("left");
    } catch (long long number) {
        say("long long", (int)(number >> 32));
    } catch (...) {
        puts("anything");
        try {
            throw;
        } catch (double number) {
            say("double", (int)(number * 10));
        } catch (char letter) {
            say("char", letter);
        } catch (Hidden &hidden) {
            say("hidden", hidden.hidden);
        }
    }
}

static void again()
{
    try {
        try {
            throw Noisy(1);
        } catch (Noisy &value) {
            value.id = 2;
            throw;
        }
    } catch (Noisy &value) {
        say("again", value.id);
    }
}

static void replaced()
{
    try {
        try {
            Noisy guarded(50);
            throw Noisy(51);
        } catch (Noisy &) {
            puts("replace");
            throw 52;
        }
    } catch (int number) {
        say("replaced by", number);
    }
}

static void nested()
{
    try {
        throw Noisy(60);
    } catch (Noisy &outer) {
        for (int i = 0; i < 3; i++) {
            try {
                Noisy inside(61 + i);
                if (i == 0)
                    throw 1;
                if (i == 1)
                    throw;
                throw Noisy(69);
            } catch (int number) {
                say("nested int", number);
            } catch (Noisy &inner) {
                say("nested", inner.id);
                say("same", &inner == &outer);
            }
        }
        say("still", outer.id);
    }
    puts("after");
}

static int deep(int level)
{
    Noisy here(200 + level);
    try {
        if (level == 0)
            throw 3;
        return deep(level - 1) + 1;
    } catch (int number) {
        if (number == 0)
            return 0;
        throw number - 1;
    }
}

struct Cleaner {
    ~Cleaner()
    {
        try {
            throw Noisy(80);
        } catch (Noisy &value) {
            say("inside an unwind", value.id);
        }
#ifndef MSVCRT
        say("uncaught", __uncaught_exceptions());
#endif
    }
};

static void unwinding()
{
    try {
        Cleaner cleaner;
        throw 81;
    } catch (int number) {
        say("outside", number);
    }
}

struct Member {
    Noisy first{301};
    Noisy second;
    Member() : second(302) { throw 303; }
};

static void constructors()
{
    try {
        Member member;
    } catch (int number) {
        say("constructor", number);
    }
    try {
        struct Counted {
            Noisy noisy;
            Counted() : noisy(310 + zero++) { if (zero == 3) throw zero; }
        };
        Counted three[4];
    } catch (int number) {
        say("array", number);
    }
}

static void casts()
{
    Both both;
    Diamond diamond;
    Left *left = &both;
    Right *right = &both;
    Root *root = &diamond;
    Left alone;

    say("down", dynamic_cast<Both *>(right)->both);
    say("across", dynamic_cast<Right *>(left)->right);
    say("whole", dynamic_cast<void *>(right) == &both);
    say("from virtual", dynamic_cast<Diamond *>(root)->d);
    say("virtual across", dynamic_cast<ViaB *>(root)->b);
    Left *volatile pointer = &alone;
    say("fails", dynamic_cast<Both *>(pointer) == nullptr);
    pointer = nullptr;
    say("null", dynamic_cast<Both *>(pointer) == nullptr);
    say("same type", &typeid(*right) == &typeid(Both));
    puts((const char *)&typeid(*root) + 8);
    try {
        say("bad", dynamic_cast<Both &>(alone).both);
    } catch (...) {
        puts("bad cast");
    }
    try {
        puts((const char *)&typeid(*pointer) + 8);
    } catch (...) {
        puts("bad typeid");
    }
}

static int jump_buffer[16];

__attribute__((noinline)) static void jumper()
{
    try {
        longjmp(jump_buffer, 6);
    } catch (...) {
        puts("not for a jump");
    }
}

static void jumps()
{
    volatile int count = 0;
    int value = _setjmp3(jump_buffer, 0);
    if (!value) {
        count = 1;
        jumper();
    }
    say("jumped", value + count);
}

int main()
{
    for (int which = 0; which <= 12; which++)
        each_type(which);
    again();
    replaced();
    nested();
    try {
        say("deep", deep(5));
    } catch (int number) {
        say("too deep", number);
    }
    unwinding();
    constructors();
    casts();
    jumps();
    return 0;
}
