/* The start of crt_cxx.cpp, and what a compiler's own static library would add to it. */
void exit(int code);
int main(void);

const void *const type_info_table[1] __asm__("??_7type_info@@6B@");
int _fltused;

void mainCRTStartup(void)
{
    exit(main());
}

#ifdef MSVCRT
void __std_terminate(void)
{
    exit(99);
}
#endif
