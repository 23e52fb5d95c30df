/* What a load does when the system refuses. */
static void need(int condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "%s failed: %lu\n", what, GetLastError());
        exit(1);
    }
}
