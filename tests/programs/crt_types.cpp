// type_info::name() of many types. Recorded on Wine 8.0; corrected, after Microsoft's compiler:
// std::nullptr_t, an empty pack, the anonymous namespace, a function that returns a pointer to one.

namespace std {
class type_info {
public:
    virtual ~type_info();
};
}

extern "C" int puts(const char *text);

#ifdef MSVCRT
struct named {
    virtual ~named();
    const char *text() const __asm__("?name@type_info@@QBEPBDXZ");
};
#define NAME(...) puts(reinterpret_cast<const named &>(typeid(__VA_ARGS__)).text())
#else
extern "C" const char *__std_type_info_name(const void *data, void *list);
alignas(8) static unsigned char list[64];
#define NAME(...) puts(__std_type_info_name((const char *)&typeid(__VA_ARGS__) + 4, list))
#endif

struct S {};
class C { public: struct In {}; };
union U { int a; };
enum E { A };
template <class T> struct W {};
namespace outer { namespace inner {
template <class T, int n> struct Sized { struct Part {}; };
template <class... T> struct Pack {};
class K {};
} }
namespace { struct Hidden {}; }
using outer::inner::Sized, outer::inner::Pack, outer::inner::K;

int main()
{
    NAME(int), NAME(unsigned char), NAME(signed char), NAME(char), NAME(short);
    NAME(unsigned short), NAME(unsigned), NAME(long), NAME(unsigned long), NAME(float);
    NAME(double), NAME(long double), NAME(bool), NAME(wchar_t), NAME(long long);
    NAME(unsigned long long), NAME(char16_t), NAME(char32_t), NAME(void), NAME(decltype(nullptr));
    NAME(S), NAME(C), NAME(U), NAME(E), NAME(C::In), NAME(Hidden);
    NAME(int *), NAME(const int *), NAME(int *const *), NAME(const char *const *);
    NAME(volatile int *), NAME(const C *), NAME(const void **), NAME(E *);
    NAME(Sized<int, 5>), NAME(Sized<int, 5>::Part), NAME(Sized<const S *, -3> *);
    NAME(Pack<int, W<W<int>>, K, K *>), NAME(Pack<>), NAME(Pack<int, S, S, C::In, C::In>);
    NAME(W<int &>), NAME(W<const int>), NAME(W<int(int)>), NAME(W<int[3]>), NAME(W<S &&>);
    NAME(W<int (*)(...)>), NAME(W<volatile S>), NAME(W<bool>);
    NAME(int[3]), NAME(int (*)[3]), NAME(int[2][3]), NAME(int(int, char *)), NAME(void (*)());
    NAME(int (*)(int, ...)), NAME(void(__stdcall *)(C &, const S &)), NAME(int S::*);
    NAME(int (S::*)(int)), NAME(int (*(*)(int))(char));
    return 0;
}
