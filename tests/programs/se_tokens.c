/* Tokens, impersonation and access lists: what an access check grants and refuses. */
#include <windows.h>
#include <sddl.h>
#include <stdio.h>

static const GENERIC_MAPPING mapping = {1 | READ_CONTROL, 2 | READ_CONTROL, 4 | READ_CONTROL,
    STANDARD_RIGHTS_REQUIRED | 7};
static char user[128];

static void told(const char *what, BOOL result)
{
    DWORD error = GetLastError();
    if (result) printf("%s: yes\n", what);
    else printf("%s: error %lu\n", what, error);
}

static PSECURITY_DESCRIPTOR descriptor(const char *text)
{
    char full[512];
    const char *mark = strstr(text, "ME");
    PSECURITY_DESCRIPTOR made = NULL;
    sprintf(full, "O:SYG:SY");
    while (mark) {
        sprintf(full + strlen(full), "%.*s%s", (int)(mark - text), text, user);
        text = mark + 2;
        mark = strstr(text, "ME");
    }
    strcat(full, text);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(full, 1, &made, NULL))
        printf("%s: error %lu\n", full, GetLastError());
    return made;
}

static void check(HANDLE token, const char *text, DWORD access)
{
    PSECURITY_DESCRIPTOR sd = descriptor(text);
    GENERIC_MAPPING map = mapping;
    PRIVILEGE_SET set;
    DWORD size = sizeof set, granted = 0xDEAD;
    BOOL status = 9;
    SetLastError(0);
    if (AccessCheck(sd, token, access, &map, &set, &size, &granted, &status))
        printf("%s %#lx: %d, %#lx\n", text, access, status, granted);
    else
        printf("%s %#lx: error %lu\n", text, access, GetLastError());
    LocalFree(sd);
}

static void checks(HANDLE primary)
{
    HANDLE client, weak;
    told("copy", DuplicateToken(primary, SecurityIdentification, &client));
    told("anonymous copy", DuplicateToken(primary, SecurityAnonymous, &weak));
    check(primary, "D:", 1);
    check(weak, "D:", 1);
    check(client, "D:(A;;GR;;;WD)", GENERIC_READ);
    check(client, "", 7);
    check(client, "D:", 1);
    check(client, "D:(A;;0x1;;;WD)", 1);
    check(client, "D:(A;;0x1;;;WD)", 3);
    check(client, "D:(A;;0x1;;;WD)(A;;0x2;;;ME)", 3);
    check(client, "D:(A;;0x1;;;WD)(A;;0x2;;;ME)", MAXIMUM_ALLOWED);
    check(client, "D:(D;;0x1;;;ME)(A;;0x7;;;WD)", 1);
    check(client, "D:(D;;0x1;;;ME)(A;;0x7;;;WD)", MAXIMUM_ALLOWED);
    check(client, "D:(A;;0x7;;;WD)(D;;0x1;;;ME)", 1);
    check(client, "D:(D;;0x1;;;S-1-5-21-1-2-3-4)(A;;0x1;;;WD)", 1);
    check(client, "D:(A;IOOI;0x1;;;WD)", 1);
    CloseHandle(client);
    CloseHandle(weak);
}

static void levels(HANDLE primary)
{
    HANDLE token, other;
    DWORD level, size;
    told("no token", OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    told("impersonate", ImpersonateSelf(SecurityImpersonation));
    told("open", OpenThreadToken(GetCurrentThread(), TOKEN_ALL_ACCESS, TRUE, &token));
    GetTokenInformation(token, TokenImpersonationLevel, &level, sizeof level, &size);
    printf("level %lu\n", level);
    told("revert", RevertToSelf());
    told("set", SetThreadToken(NULL, token));
    told("open again", OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &other));
    CloseHandle(other);
    RevertToSelf();
    CloseHandle(token);
    DuplicateToken(primary, SecurityIdentification, &token);
    told("more than it has", DuplicateToken(token, SecurityImpersonation, &other));
    told("primary of it",
        DuplicateTokenEx(token, TOKEN_QUERY, NULL, SecurityImpersonation, TokenPrimary, &other));
    CloseHandle(token);
    told("impersonate anonymously", ImpersonateSelf(SecurityAnonymous));
    told("open anonymous", OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    RevertToSelf();
}

static void named(void)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
    HANDLE event, opened, copy;
    PSECURITY_DESCRIPTOR sd = NULL;
    char text[256];
    sprintf(text, "D:(D;;0x2;;;%s)(A;;0x100001;;;WD)", user);
    ConvertStringSecurityDescriptorToSecurityDescriptorA(text, 1, &sd, NULL);
    attributes.lpSecurityDescriptor = sd;
    event = CreateEventA(&attributes, TRUE, FALSE, "se_tokens event");
    told("set by the creator", SetEvent(event));
    opened = OpenEventA(EVENT_MODIFY_STATE, FALSE, "se_tokens event");
    told("open to change", opened != NULL);
    opened = OpenEventA(SYNCHRONIZE, FALSE, "se_tokens event");
    told("open to wait", opened != NULL);
    told("set", SetEvent(opened));
    told("more rights", DuplicateHandle(GetCurrentProcess(), opened, GetCurrentProcess(), &copy,
        EVENT_MODIFY_STATE, FALSE, 0));
    CloseHandle(opened);
    opened = OpenEventA(READ_CONTROL | WRITE_DAC, FALSE, "se_tokens event");
    told("open as the owner", opened != NULL);
    LocalFree(sd);
    ConvertStringSecurityDescriptorToSecurityDescriptorA("D:(A;;GA;;;WD)", 1, &sd, NULL);
    told("change the list", SetKernelObjectSecurity(opened, DACL_SECURITY_INFORMATION, sd));
    CloseHandle(opened);
    opened = OpenEventA(EVENT_ALL_ACCESS, FALSE, "se_tokens event");
    told("open for everything", opened != NULL);
    CloseHandle(opened);
    CloseHandle(event);
    LocalFree(sd);
}

static void defaults(HANDLE token)
{
    union {
        TOKEN_DEFAULT_DACL dacl;
        BYTE bytes[512];
    } info;
    TOKEN_DEFAULT_DACL none = {NULL};
    DWORD size;
    told("short", SetTokenInformation(token, TokenDefaultDacl, NULL, 0));
    told("nowhere", SetTokenInformation(token, TokenDefaultDacl, NULL, sizeof none));
    told("none", SetTokenInformation(token, TokenDefaultDacl, &none, sizeof none));
    told("ask", GetTokenInformation(token, TokenDefaultDacl, &info, sizeof info, &size));
    printf("%d, %lu bytes\n", info.dacl.DefaultDacl == NULL, size);
}

int main(void)
{
    HANDLE token;
    BYTE room[128];
    DWORD size;
    char *text;
    setvbuf(stdout, NULL, _IONBF, 0);
    told("own", OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &token));
    GetTokenInformation(token, TokenUser, room, sizeof room, &size);
    ConvertSidToStringSidA(((TOKEN_USER *)room)->User.Sid, &text);
    strcpy(user, text);
    LocalFree(text);
    checks(token);
    levels(token);
    named();
    defaults(token);
    return 0;
}
