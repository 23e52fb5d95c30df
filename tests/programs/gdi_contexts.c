/* GDI's objects and contexts, as far as nothing is drawn. */
#include <windows.h>
#include <stdio.h>

static void contexts(void)
{
    HDC screen = GetDC(NULL), memory = CreateCompatibleDC(screen);
    HGDIOBJ brush = CreateSolidBrush(RGB(1, 2, 3)), before;
    printf("screen %d memory %d\n", (int)GetObjectType(screen), (int)GetObjectType(memory));
    printf("size %d %d bits %d dpi %d\n", GetDeviceCaps(screen, HORZRES),
        GetDeviceCaps(screen, VERTRES), GetDeviceCaps(screen, BITSPIXEL),
        GetDeviceCaps(screen, LOGPIXELSX));
    before = SelectObject(memory, brush);
    printf("select %d", before == GetStockObject(WHITE_BRUSH));
    printf(" %d", GetCurrentObject(memory, OBJ_BRUSH) == brush);
    printf(" %d\n", SelectObject(memory, before) == brush);
    printf("colour %lx", SetTextColor(memory, RGB(9, 8, 7)));
    printf(" %lx\n", GetTextColor(memory));
    printf("mode %d %d\n", SetBkMode(memory, TRANSPARENT), GetBkMode(memory));
    printf("save %d", SaveDC(memory));
    SetTextColor(memory, RGB(1, 1, 1));
    printf(" restore %d %lx\n", RestoreDC(memory, -1), GetTextColor(memory));
    printf("delete %d %d\n", DeleteObject(brush), DeleteDC(memory));
    printf("gone %d %d\n", (int)GetObjectType(memory), DeleteObject(brush));
    printf("release %d\n", ReleaseDC(NULL, screen));
}

static void objects(void)
{
    LOGBRUSH brush;
    LOGPEN pen;
    BITMAP bitmap;
    LOGFONTA font = {.lfHeight = -20, .lfWeight = FW_BOLD, .lfFaceName = "Some face"}, got;
    HGDIOBJ object = CreatePen(PS_DASH, 3, RGB(4, 5, 6));
    printf("pen %d", GetObjectA(object, sizeof pen, &pen));
    printf(" %u %ld %lx\n", pen.lopnStyle, pen.lopnWidth.x, pen.lopnColor);
    printf("stock %d", GetObjectA(GetStockObject(LTGRAY_BRUSH), sizeof brush, &brush));
    printf(" %u %lx\n", brush.lbStyle, brush.lbColor);
    object = CreateFontIndirectA(&font);
    printf("font %d", GetObjectA(object, sizeof got, &got));
    printf(" %ld %ld %s\n", got.lfHeight, got.lfWeight, got.lfFaceName);
    object = CreateBitmap(30, 20, 1, 24, NULL);
    printf("bitmap %d", GetObjectA(object, sizeof bitmap, &bitmap));
    printf(" %ld %ld %ld %d\n", bitmap.bmWidth, bitmap.bmHeight, bitmap.bmWidthBytes,
        bitmap.bmBitsPixel);
    printf("nothing %d %d\n", DeleteObject(NULL), (int)GetObjectType((HGDIOBJ)0x12345678));
}

static void section(void)
{
    BITMAPINFO info = {.bmiHeader = {.biSize = sizeof info.bmiHeader, .biWidth = 10,
        .biHeight = -7, .biPlanes = 1, .biBitCount = 32}};
    BITMAP bitmap;
    DWORD *bits = NULL;
    HBITMAP made = CreateDIBSection(NULL, &info, DIB_RGB_COLORS, (void **)&bits, NULL, 0);
    printf("section %d bits %d", made != NULL, bits != NULL);
    bits[69] = 0xABCDEF;
    GetObjectA(made, sizeof bitmap, &bitmap);
    printf(" %ld %d %lx\n", bitmap.bmWidthBytes, bitmap.bmBits == bits,
        ((DWORD *)bitmap.bmBits)[69]);
    printf("delete %d\n", DeleteObject(made));
}

int main(void)
{
    HRGN region = CreateRectRgn(5, 6, 1, 2);
    RECT box;
    setvbuf(stdout, NULL, _IONBF, 0);
    contexts();
    objects();
    section();
    printf("region %d", GetRgnBox(region, &box));
    printf(" %ld %ld %ld %ld\n", box.left, box.top, box.right, box.bottom);
    return 0;
}
