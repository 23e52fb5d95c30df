/* The classes of the characters of the "C" locale. */
#include <ctype.h>
#include <stdio.h>

int main(void)
{
    for (int c = 0; c < 128; c++)
        printf("%02x %d%d%d%d%d%d%d%d%d%d%d\n", c, !!isalpha(c), !!isdigit(c), !!isalnum(c),
            !!isspace(c), !!ispunct(c), !!isprint(c), !!isgraph(c), !!iscntrl(c), !!isupper(c),
            !!islower(c), !!isxdigit(c));
    return 0;
}
