// std::exception and the exceptions that the runtime itself throws, compiled for Microsoft's C++
// ABI. msvcrt.dll exports the classes, in no namespace; programs of later compilers bring their
// own, and see ours, in std, only as what a failed cast throws.

extern "C" {
void free(void *block) noexcept;
char *_strdup(const char *text) noexcept;
}

inline void *operator new(decltype(sizeof 0), void *place) noexcept
{
    return place;
}

#if !_MSVCRT
namespace std {
#endif

class exception {
public:
    exception();
    exception(const char *const &text);
    exception(const char *const &text, int kept);
    exception(const exception &other);
    exception &operator=(const exception &other);
    virtual ~exception();
    virtual const char *what() const;

private:
    void set(const char *new_text, bool copy);
    char *text;
    int allocated;
};

class bad_cast : public exception {
public:
    bad_cast(const char *text = "bad cast");
    bad_cast(const char *const *text);
    void construct() __asm__("??_Fbad_cast@@QAEXXZ");
    bad_cast *construct(const char *const &text) __asm__("??0bad_cast@@QAE@ABQBD@Z");
    bad_cast(const bad_cast &other);
    bad_cast &operator=(const bad_cast &other);
    ~bad_cast() override;
};

class bad_typeid : public exception {
public:
    bad_typeid(const char *text = "bad typeid");
    void construct() __asm__("??_Fbad_typeid@@QAEXXZ");
    bad_typeid(const bad_typeid &other);
    bad_typeid &operator=(const bad_typeid &other);
    ~bad_typeid() override;
};

class __non_rtti_object : public bad_typeid {
public:
    __non_rtti_object(const char *text);
    __non_rtti_object(const __non_rtti_object &other);
    __non_rtti_object &operator=(const __non_rtti_object &other);
    ~__non_rtti_object() override;
};

void exception::set(const char *new_text, bool copy)
{
    allocated = copy && new_text;
    text = allocated ? _strdup(new_text) : const_cast<char *>(new_text);
}

exception::exception()
{
    set(nullptr, false);
}

exception::exception(const char *const &new_text)
{
    set(new_text, true);
}

exception::exception(const char *const &new_text, int)
{
    set(new_text, false);
}

exception::exception(const exception &other)
{
    set(other.text, other.allocated);
}

exception &exception::operator=(const exception &other)
{
    if (this != &other) {
        if (allocated)
            free(text);
        set(other.text, other.allocated);
    }
    return *this;
}

exception::~exception()
{
    if (allocated)
        free(text);
}

const char *exception::what() const
{
    return text ? text : "Unknown exception";
}

bad_cast::bad_cast(const char *text) : exception(text) {}
bad_cast::bad_cast(const char *const *text) : exception(*text) {}
bad_cast::bad_cast(const bad_cast &other) = default;
bad_cast &bad_cast::operator=(const bad_cast &other) = default;
bad_cast::~bad_cast() = default;
bad_typeid::bad_typeid(const char *text) : exception(text) {}
bad_typeid::bad_typeid(const bad_typeid &other) = default;
bad_typeid &bad_typeid::operator=(const bad_typeid &other) = default;
bad_typeid::~bad_typeid() = default;
__non_rtti_object::__non_rtti_object(const char *text) : bad_typeid(text) {}
__non_rtti_object::__non_rtti_object(const __non_rtti_object &other) = default;
__non_rtti_object &__non_rtti_object::operator=(const __non_rtti_object &other) = default;
__non_rtti_object::~__non_rtti_object() = default;

void bad_cast::construct()
{
    new (this) bad_cast();
}

bad_cast *bad_cast::construct(const char *const &text)
{
    return new (this) bad_cast(text);
}

void bad_typeid::construct()
{
    new (this) bad_typeid();
}

#if !_MSVCRT
}
using namespace std;
#endif

extern "C" {
void crt_throw_bad_cast(const char *text)
{
    throw bad_cast(text);
}

void crt_throw_bad_typeid(const char *text)
{
    throw bad_typeid(text);
}

void crt_throw_no_rtti(const char *text)
{
    throw __non_rtti_object(text);
}
}
