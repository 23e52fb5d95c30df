/* Changing the resources of an image file: all changes are written at the end. */
#include "resource_tree.h"

enum { UPDATE = 0x61647075 };

struct update {
    ULONG magic;
    HANDLE file;
    DWORD size;
    BYTE *contents;
    struct resource *resources;
};

static struct update *update_of(HANDLE handle)
{
    struct update *update = handle;
    if (update && update->magic == UPDATE) return update;
    set_error(ERROR_INVALID_HANDLE);
    return NULL;
}

static void finish(struct update *update)
{
    free_resources(&update->resources);
    if (update->contents) release(update->contents);
    CloseHandle(update->file);
    update->magic = 0;
    release(update);
}

static BOOL load(struct update *update, BOOL delete_all)
{
    DWORD read;
    update->size = GetFileSize(update->file, NULL);
    update->contents = allocate(update->size ? update->size : 1);
    if (!update->contents) return FALSE;
    if (!ReadFile(update->file, update->contents, update->size, &read, NULL)) return FALSE;
    if (read != update->size || !image_headers(update->contents, update->size))
        return set_error(ERROR_BAD_EXE_FORMAT);
    return delete_all || read_resources(update->contents, update->size, &update->resources);
}

HANDLE WINAPI BeginUpdateResourceW(LPCWSTR name, BOOL delete_all)
{
    struct update *update = allocate(sizeof *update);
    if (!update) return NULL;
    *update = (struct update){.magic = UPDATE};
    update->file = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (update->file == INVALID_HANDLE_VALUE) {
        release(update);
        return NULL;
    }
    if (load(update, delete_all)) return update;
    DWORD error = RtlGetLastWin32Error();
    finish(update);
    set_error(error);
    return NULL;
}

HANDLE WINAPI BeginUpdateResourceA(LPCSTR name, BOOL delete_all)
{
    FILE_WIDE(wide, name);
    return wide ? BeginUpdateResourceW(wide, delete_all) : NULL;
}

BOOL WINAPI UpdateResourceW(HANDLE handle, LPCWSTR type, LPCWSTR name, WORD language, LPVOID data,
    DWORD size)
{
    struct update *update = update_of(handle);
    struct resource_key type_key, name_key;
    if (!update) return FALSE;
    if (!data && size) return set_error(ERROR_INVALID_PARAMETER);
    if (!make_key(type, &type_key)) return FALSE;
    if (!make_key(name, &name_key)) {
        free_key(&type_key);
        return FALSE;
    }
    return put_resource(&update->resources, type_key, name_key, language, 0, data, size);
}

BOOL WINAPI UpdateResourceA(HANDLE update, LPCSTR type, LPCSTR name, WORD language, LPVOID data,
    DWORD size)
{
    WIDE(wide_type, IS_INTRESOURCE(type) ? NULL : type);
    WIDE(wide_name, IS_INTRESOURCE(name) ? NULL : name);
    return UpdateResourceW(update, wide_type ? wide_type : (LPCWSTR)type,
        wide_name ? wide_name : (LPCWSTR)name, language, data, size);
}

static BOOL store(struct update *update)
{
    DWORD size, written;
    BYTE *image = with_resources(update->contents, update->size, update->resources, &size);
    BOOL done;
    if (!image) return FALSE;
    done = SetFilePointer(update->file, 0, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER &&
           WriteFile(update->file, image, size, &written, NULL) && SetEndOfFile(update->file);
    release(image);
    return done;
}

BOOL WINAPI EndUpdateResourceW(HANDLE handle, BOOL discard)
{
    struct update *update = update_of(handle);
    DWORD error;
    BOOL done;
    if (!update) return FALSE;
    done = discard || store(update);
    error = RtlGetLastWin32Error();
    finish(update);
    return done || set_error(error);
}

BOOL WINAPI EndUpdateResourceA(HANDLE update, BOOL discard)
{
    return EndUpdateResourceW(update, discard);
}
