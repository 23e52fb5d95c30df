/* SIDs, access-control lists and security descriptors, and their text form. */
#include <windows.h>
#include <sddl.h>
#include <aclapi.h>
#include <stdio.h>

static void show_sid(const char *what, PSID sid)
{
    char *text = NULL;
    if (!ConvertSidToStringSidA(sid, &text)) {
        printf("%s: error %lu\n", what, GetLastError());
        return;
    }
    printf("%s: %s, %lu bytes\n", what, text, GetLengthSid(sid));
    LocalFree(text);
}

static void sids(void)
{
    static const int types[] = {WinNullSid, WinWorldSid, WinCreatorOwnerSid, WinNtAuthoritySid,
        WinAuthenticatedUserSid, WinLocalSystemSid, WinBuiltinAdministratorsSid,
        WinBuiltinUsersSid, WinHighLabelSid, WinAccountAdministratorSid, 1000};
    BYTE room[SECURITY_MAX_SID_SIZE], other[SECURITY_MAX_SID_SIZE];
    PSID sid, domain;
    DWORD size;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char name[32];
        size = sizeof room;
        sprintf(name, "type %d", types[i]);
        if (CreateWellKnownSid(types[i], NULL, room, &size)) show_sid(name, room);
        else printf("%s: error %lu\n", name, GetLastError());
    }
    size = 4;
    printf("small: %d, %lu, %lu\n", CreateWellKnownSid(WinWorldSid, NULL, room, &size),
        GetLastError(), size);
    ConvertStringSidToSidA("S-1-5-21-1-2-3", &domain);
    size = sizeof room;
    CreateWellKnownSid(WinAccountGuestSid, domain, room, &size);
    show_sid("guest", room);
    printf("prefix %d, same %d, guest %d, administrator %d\n", EqualPrefixSid(room, room),
        EqualSid(room, domain), IsWellKnownSid(room, WinAccountGuestSid),
        IsWellKnownSid(room, WinAccountAdministratorSid));
    printf("copy %d, %lu\n", CopySid(8, other, room), GetLastError());
    LocalFree(domain);
    SID_IDENTIFIER_AUTHORITY big = {{1, 2, 3, 4, 5, 6}};
    printf("allocate %d\n", AllocateAndInitializeSid(&big, 2, 7, 0xFFFFFFFF, 0, 0, 0, 0, 0, 0, &sid));
    show_sid("big", sid);
    FreeSid(sid);
    printf("nine: %d, %lu\n", AllocateAndInitializeSid(&big, 9, 1, 2, 3, 4, 5, 6, 7, 8, &sid),
        GetLastError());
    printf("bad text: %d, %lu\n", ConvertStringSidToSidA("S-1", &sid), GetLastError());
    room[0] = 2;
    printf("revision 2: %d\n", IsValidSid(room));
}

static void lists(void)
{
    BYTE room[256], world[SECURITY_MAX_SID_SIZE];
    ACL *acl = (ACL *)room;
    ACL_SIZE_INFORMATION info;
    DWORD size = sizeof world;
    ACCESS_ALLOWED_ACE *ace;
    CreateWellKnownSid(WinWorldSid, NULL, world, &size);
    printf("tiny: %d, %lu\n", InitializeAcl(acl, 4, ACL_REVISION), GetLastError());
    printf("revision: %d, %lu\n", InitializeAcl(acl, 64, 7), GetLastError());
    InitializeAcl(acl, 64, ACL_REVISION);
    printf("allow %d, deny %d\n", AddAccessAllowedAce(acl, ACL_REVISION, GENERIC_READ, world),
        AddAccessDeniedAceEx(acl, ACL_REVISION, INHERIT_ONLY_ACE, GENERIC_WRITE, world));
    printf("no room: %d, %lu\n", AddAccessAllowedAce(acl, ACL_REVISION, 1, world), GetLastError());
    GetAclInformation(acl, &info, sizeof info, AclSizeInformation);
    printf("%lu entries, %lu used, %lu free\n", info.AceCount, info.AclBytesInUse,
        info.AclBytesFree);
    GetAce(acl, 1, (void **)&ace);
    printf("entry 1: type %d, flags %d, size %d, mask %#lx\n", ace->Header.AceType,
        ace->Header.AceFlags, ace->Header.AceSize, ace->Mask);
    printf("entry 2: %d, %lu\n", GetAce(acl, 2, (void **)&ace), GetLastError());
    printf("delete %d, %d left\n", DeleteAce(acl, 0), acl->AceCount);
    GetAce(acl, 0, (void **)&ace);
    printf("entry 0: type %d\n", ace->Header.AceType);
    world[0] = 9;
    printf("bad SID: %d, %lu\n", AddAccessAllowedAce(acl, ACL_REVISION, 1, world), GetLastError());
}

static void descriptors(void)
{
    SECURITY_DESCRIPTOR sd;
    BYTE world[SECURITY_MAX_SID_SIZE], room[256], absolute[64], dacl[64], owner[64], group[64];
    DWORD size = sizeof world, a = sizeof absolute, d = sizeof dacl, s = 0, o = sizeof owner,
          g = sizeof group, revision;
    SECURITY_DESCRIPTOR_CONTROL control;
    BOOL present, defaulted;
    PACL acl = (PACL)dacl;
    PSID sid;
    CreateWellKnownSid(WinWorldSid, NULL, world, &size);
    printf("revision 3: %d, %lu\n", InitializeSecurityDescriptor(&sd, 3), GetLastError());
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    InitializeAcl(acl, sizeof dacl, ACL_REVISION);
    AddAccessAllowedAce(acl, ACL_REVISION, GENERIC_ALL, world);
    SetSecurityDescriptorOwner(&sd, world, TRUE);
    SetSecurityDescriptorDacl(&sd, TRUE, acl, FALSE);
    GetSecurityDescriptorControl(&sd, &control, &revision);
    printf("control %#x, revision %lu, length %lu, valid %d\n", control, revision,
        GetSecurityDescriptorLength(&sd), IsValidSecurityDescriptor(&sd));
    printf("bits: %d, %lu\n", SetSecurityDescriptorControl(&sd, SE_DACL_PRESENT, 0), GetLastError());
    printf("protect: %d\n", SetSecurityDescriptorControl(&sd, SE_DACL_PROTECTED, SE_DACL_PROTECTED));
    size = 8;
    printf("relative: %d, %lu, %lu\n", MakeSelfRelativeSD(&sd, room, &size), GetLastError(), size);
    printf("relative: %d\n", MakeSelfRelativeSD(&sd, room, &size));
    GetSecurityDescriptorControl(room, &control, &revision);
    GetSecurityDescriptorOwner(room, &sid, &defaulted);
    printf("control %#x, owner %d, defaulted %d\n", control, EqualSid(sid, world), defaulted);
    GetSecurityDescriptorSacl(room, &present, &acl, &defaulted);
    printf("sacl %d\n", present);
    printf("set in relative: %d, %lu\n", SetSecurityDescriptorOwner(room, NULL, FALSE),
        GetLastError());
    printf("absolute: %d", MakeAbsoluteSD(room, absolute, &a, (PACL)dacl, &d, NULL, &s, owner, &o,
        group, &g));
    printf(", %lu %lu %lu %lu %lu\n", a, d, s, o, g);
}

static void text_forms(void)
{
    static const char *const texts[] = {"O:BAG:SYD:(A;;GA;;;WD)", "D:P(D;CIOI;FR;;;BU)(A;;0x1f;;;SY)",
        "D:AI(A;ID;CCDC;;;S-1-5-21-1-2-3-1001)", "S:(ML;;NW;;;HI)", "D:", "D:(A;;GA;;;QQ)", "X:"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        PSECURITY_DESCRIPTOR sd;
        char *text;
        if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(texts[i], 1, &sd, NULL)) {
            printf("%s: error %lu\n", texts[i], GetLastError());
            continue;
        }
        if (ConvertSecurityDescriptorToStringSecurityDescriptorA(sd, 1,
                OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION
                    | SACL_SECURITY_INFORMATION, &text, NULL)) {
            printf("%s -> %s\n", texts[i], text);
            LocalFree(text);
        }
        LocalFree(sd);
    }
}

static void privileges(void)
{
    LUID luid;
    char name[64];
    DWORD size = sizeof name;
    printf("value %d", LookupPrivilegeValueA(NULL, "SeChangeNotifyPrivilege", &luid));
    printf(" %lu\n", luid.LowPart);
    printf("name %d", LookupPrivilegeNameA(NULL, &luid, name, &size));
    printf(" %s %lu\n", name, size);
    printf("none %d, %lu\n", LookupPrivilegeValueA(NULL, "SeNonsense", &luid), GetLastError());
}

int main(void)
{
    sids();
    lists();
    descriptors();
    text_forms();
    privileges();
    return 0;
}
