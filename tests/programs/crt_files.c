/* Files in text and binary mode. Recorded as crt_printf.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <io.h>
#include <errno.h>
#include <direct.h>
#include <sys/stat.h>

static void dump(const char *name)
{
    FILE *f = fopen(name, "rb");
    int c;

    while ((c = getc(f)) != EOF)
        printf(c >= 32 && c < 127 ? "%c" : "<%02x>", c);
    printf(" at %ld\n", ftell(f));
    fclose(f);
}

int main(void)
{
    char line[64];
    FILE *f = fopen("t.txt", "w");
    int fd;
    struct _stat st;

    fprintf(f, "one\ntwo\n");
    printf("%ld ", ftell(f));
    fputs("three\r\n\nfour", f);
    putc('!', f);
    printf("%ld\n", ftell(f));
    fclose(f);
    dump("t.txt");
    f = fopen("t.txt", "r");
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '$';
        printf("[%s] at %ld\n", line, ftell(f));
    }
    printf("eof %d error %d\n", !!feof(f), !!ferror(f));
    rewind(f);
    fseek(f, 5, SEEK_SET);
    printf("%d %c %ld\n", ungetc('Z', f), getc(f), ftell(f));
    printf("%s", fgets(line, 4, f));
    printf(" %ld\n", ftell(f));
    fclose(f);
    f = fopen("t.txt", "r+b");
    fseek(f, -3, SEEK_END);
    fwrite("XY", 1, 2, f);
    fflush(f);
    fseek(f, 0, SEEK_SET);
    printf("%c%c\n", getc(f), getc(f) ? 'k' : 'n');
    fseek(f, 0, SEEK_CUR);
    fputc('!', f);
    fclose(f);
    f = fopen("t.txt", "a");
    fputs("end\n", f);
    fclose(f);
    dump("t.txt");
    f = fopen("z.txt", "wb");
    fwrite("abc\x1Axyz\r\n", 1, 9, f);
    fclose(f);
    f = fopen("z.txt", "r");
    printf("%d\n", (int)fread(line, 1, 64, f));
    fclose(f);
    f = fopen("missing/none.txt", "r");
    printf("%d %d %s\n", f == NULL, errno, strerror(errno));
    f = fopen("t.txt", "r");
    printf("%d %d\n", fputc('x', f), !!ferror(f));
    fclose(f);
    fd = _open("b.bin", _O_CREAT | _O_TRUNC | _O_RDWR | _O_BINARY, 0600);
    printf("%d %ld %d\n", _write(fd, "hello\n", 6), _lseek(fd, 1, SEEK_SET), _read(fd, line, 64));
    printf("%.5s", line);
    printf("%ld %d\n", _filelength(fd), _isatty(fd));
    _chsize(fd, 3);
    printf("%ld %d\n", _filelength(fd), _close(fd));
    _stat("b.bin", &st);
    printf("%d %d %o\n", (int)st.st_size, (st.st_mode & S_IFREG) != 0, st.st_mode & 0777);
    printf("%d %d %d\n", _access("b.bin", 0), _access("nope", 0), errno);
    printf("%d %d\n", rename("b.bin", "c.bin"), _unlink("c.bin"));
    printf("%d %d ", _mkdir("d"), _mkdir("d"));
    printf("%d %d\n", errno, _rmdir("d"));
    f = fopen("big.txt", "w");
    for (int i = 0; i < 3000; i++)
        fprintf(f, "line %d\n", i);
    fclose(f);
    f = fopen("big.txt", "r");
    for (int i = 0; i < 1500; i++)
        fgets(line, sizeof line, f);
    printf("%s", line);
    printf("%ld\n", ftell(f));
    long at = ftell(f);
    fgets(line, sizeof line, f);
    fseek(f, at, SEEK_SET);
    char again[64];
    fgets(again, sizeof again, f);
    printf("%d\n", strcmp(line, again));
    fclose(f);
    remove("big.txt"), remove("t.txt"), remove("z.txt");
    f = fopen("q.txt", "w");
    setvbuf(f, NULL, _IONBF, 0);
    fputs("unbuffered", f);
    fclose(f);
    f = freopen("q.txt", "r", stdin);
    printf("%s %d\n", gets(line), f == stdin);
    fclose(f);
    remove("q.txt");
    return 0;
}
