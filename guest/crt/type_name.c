#include "crt.h"
char *crt_readable_type(const char *name) { return _strdup(name); }
char *__std_type_info_name(char **d, void *list) { UNUSED(list); return (char*)(d+1)+1; }
void __std_type_info_destroy_list(void *list) { UNUSED(list); }
