/* Small exercises over stdin: CSV, INI, a calculator, a calendar. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double sum(const char **text);

static double factor(const char **text)
{
    while (**text == ' ') ++*text;
    if (**text != '(') return strtod(*text, (char **)text);
    ++*text;
    double value = sum(text);
    ++*text;
    return value;
}

static double product(const char **text)
{
    double value = factor(text);
    for (;;) {
        while (**text == ' ') ++*text;
        if (**text == '*') { ++*text; value *= factor(text); }
        else if (**text == '/') { ++*text; value /= factor(text); }
        else return value;
    }
}

static double sum(const char **text)
{
    double value = product(text);
    for (;;) {
        if (**text == '+') { ++*text; value += product(text); }
        else if (**text == '-') { ++*text; value -= product(text); }
        else return value;
    }
}

static void print_row(const char *line)
{
    bool quoted = false;
    for (; *line && *line != '\n'; line++)
        if (*line == '"') quoted = !quoted;
        else if (*line == ',' && !quoted) printf(" | ");
        else putchar(*line);
    printf("\n");
}

static void print_setting(const char *line)
{
    char key[50], value[50];
    if (sscanf(line, "[%49[^]]]", key) == 1) printf("section %s\n", key);
    else if (sscanf(line, " %49[^= ] = %49[^;\n]", key, value) == 2)
        printf("'%s'='%s'\n", key, value);
}

int main(void)
{
    char line[200];
    int rows;
    if (scanf("%d ", &rows) != 1) return 1;
    while (rows-- && fgets(line, sizeof line, stdin)) print_row(line);
    while (fgets(line, sizeof line, stdin)) print_setting(line);

    const char *expression = "2 * (3 + 4.5) - 1 / 4";
    printf("%g\n", sum(&expression));

    struct tm day = {.tm_year = 124, .tm_mday = 60, .tm_hour = 12};
    mktime(&day);
    strftime(line, sizeof line, "%Y-%m-%d %H:%M:%S %j %U %A", &day);
    printf("%s\n%-10s|%10s|%.2e|%+d|%#x|%05d|%5.1f%%\n", line, "left", "right", 12345.678, 5, 255,
        42, 99.5);
    return 3;
}
