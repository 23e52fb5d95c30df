/* The start-up code of a program linked to msvcrt.dll, which zig no longer brings: see
   tests/guest/test_crt.py. */
int __getmainargs(int *, char ***, char ***, int, int *);
void exit(int);
void __set_app_type(int);
char *__iob_func(void);
int main(int, char **, char **);

void __main(void)
{
}

static void *stream(unsigned index)
{
    return __iob_func() + index * 32;
}
void *imported_stream __asm__("__imp____acrt_iob_func") = (void *)stream;

void mainCRTStartup(void)
{
    int count, new_mode = 0;
    char **arguments, **environment;

    __set_app_type(1);
    __getmainargs(&count, &arguments, &environment, 0, &new_mode);
    exit(main(count, arguments, environment));
}
