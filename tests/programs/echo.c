/* Shows everything that a program is given: arguments, a variable, its input; ends with code 7. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    const char *variable = getenv("ECHO_THIS");
    char line[256];

    for (int i = 1; i < argc; i++)
        printf("argument %d: [%s]\n", i, argv[i]);
    printf("variable: [%s]\n", variable ? variable : "(none)");
    while (fgets(line, sizeof line, stdin))
        printf("input: %s", line);
    fprintf(stderr, "to stderr\n");
    return 7;
}
