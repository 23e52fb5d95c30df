/* Rectangles. */
#include "user32.h"

BOOL WINAPI SetRect(LPRECT rectangle, int left, int top, int right, int bottom)
{
    *rectangle = (RECT){left, top, right, bottom};
    return TRUE;
}

BOOL WINAPI SetRectEmpty(LPRECT rectangle)
{
    return SetRect(rectangle, 0, 0, 0, 0);
}

BOOL WINAPI CopyRect(LPRECT target, const RECT *source)
{
    *target = *source;
    return TRUE;
}

BOOL WINAPI IsRectEmpty(const RECT *rectangle)
{
    return rectangle->right <= rectangle->left || rectangle->bottom <= rectangle->top;
}

BOOL WINAPI EqualRect(const RECT *one, const RECT *other)
{
    return !memcmp(one, other, sizeof *one);
}

BOOL WINAPI PtInRect(const RECT *rectangle, POINT point)
{
    return point.x >= rectangle->left && point.x < rectangle->right && point.y >= rectangle->top &&
        point.y < rectangle->bottom;
}

BOOL WINAPI OffsetRect(LPRECT rectangle, int x, int y)
{
    return SetRect(rectangle, rectangle->left + x, rectangle->top + y, rectangle->right + x,
        rectangle->bottom + y);
}

BOOL WINAPI InflateRect(LPRECT rectangle, int x, int y)
{
    return SetRect(rectangle, rectangle->left - x, rectangle->top - y, rectangle->right + x,
        rectangle->bottom + y);
}

BOOL WINAPI IntersectRect(LPRECT target, const RECT *one, const RECT *other)
{
    RECT common = {max(one->left, other->left), max(one->top, other->top),
        min(one->right, other->right), min(one->bottom, other->bottom)};
    *target = common;
    if (IsRectEmpty(&common)) SetRectEmpty(target);
    return !IsRectEmpty(&common);
}
