/* Multibyte strings. The multibyte code page is a single-byte one (Windows-1252), so no byte is a
   lead byte, and most _mbs functions are str functions: see the .def files. */
#include "crt.h"

uchar _mbctype[257];
uchar _mbcasemap[256];

uchar *__p__mbctype(void)
{
    return _mbctype;
}

uchar *__p__mbcasemap(void)
{
    return _mbcasemap;
}

int _getmbcp(void)
{
    return 0;
}

int _setmbcp(int page)
{
    return page == 0 || page == -2 || page == -3 || page == -4 || page == 1252
               ? 0 : (crt_invalid(EINVAL), -1);
}

int crt_mb_no(unsigned c)
{
    UNUSED(c);
    return 0;
}

unsigned crt_mb_same(unsigned c)
{
    return c;
}

int crt_mb_no_text(const uchar *text, const uchar *at)
{
    UNUSED(text), UNUSED(at);
    return 0;
}

int _ismbclegal(unsigned c)
{
    UNUSED(c);
    return 0;
}

int _mbbtype(uchar c, int previous)
{
    UNUSED(previous);
    return isprint(c) ? 0 : -1;
}

int _mbsbtype(const uchar *text, size_t at)
{
    while (at && *text)
        at--, text++;
    return at ? -1 : _mbbtype(*text, 0);
}

uchar *_mbsinc(const uchar *at)
{
    return at ? (uchar *)at + 1 : NULL;
}

uchar *_mbsdec(const uchar *start, const uchar *at)
{
    return !start || !at || at <= start ? NULL : (uchar *)at - 1;
}

unsigned _mbsnextc(const uchar *at)
{
    return at ? *at : 0;
}

uchar *_mbsninc(const uchar *at, size_t count)
{
    return at ? (uchar *)at + strnlen((const char *)at, count) : NULL;
}

size_t _mbclen(const uchar *at)
{
    UNUSED(at);
    return 1;
}

void _mbccpy(uchar *out, const uchar *from)
{
    *out = *from;
}

int _mbccpy_s(uchar *out, size_t room, int *copied, const uchar *from)
{
    if (copied)
        *copied = 0;
    if (!out || !room || !from) {
        if (out && room)
            *out = 0;
        return crt_invalid(EINVAL);
    }
    *out = *from;
    if (copied)
        *copied = 1;
    return 0;
}

uchar *_mbsspnp(const uchar *text, const uchar *set)
{
    text += strspn((const char *)text, (const char *)set);
    return *text ? (uchar *)text : NULL;
}

size_t _mbsnbcnt(const uchar *text, size_t count)
{
    return strnlen((const char *)text, count);
}

size_t _mbstrnlen(const char *text, size_t room)
{
    return strnlen(text, room);
}
