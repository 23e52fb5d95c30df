/* The console device's control calls: FILE_DEVICE_CONSOLE, METHOD_BUFFERED. */
#pragma once
#include "kernel32.h"

#define CONDRV(function, access) (0x500000u | (access) << 14 | (function) << 2)
#define CONDRV_GET_MODE CONDRV(0, 1)
#define CONDRV_SET_MODE CONDRV(1, 2)
#define CONDRV_READ_CONSOLE CONDRV(10, 1)
#define CONDRV_READ_INPUT CONDRV(12, 1)
#define CONDRV_WRITE_INPUT CONDRV(13, 2)
#define CONDRV_PEEK CONDRV(14, 1)
#define CONDRV_GET_INPUT_INFO CONDRV(15, 1)
#define CONDRV_SET_INPUT_INFO CONDRV(16, 2)
#define CONDRV_GET_TITLE CONDRV(17, 1)
#define CONDRV_SET_TITLE CONDRV(18, 2)
#define CONDRV_CTRL_EVENT CONDRV(19, 0)
#define CONDRV_FLUSH CONDRV(21, 0)
#define CONDRV_GET_PROCESS_LIST CONDRV(23, 0)
#define CONDRV_WRITE_CONSOLE CONDRV(30, 2)
#define CONDRV_READ_OUTPUT CONDRV(32, 1)
#define CONDRV_WRITE_OUTPUT CONDRV(33, 2)
#define CONDRV_GET_OUTPUT_INFO CONDRV(34, 1)
#define CONDRV_SET_OUTPUT_INFO CONDRV(35, 2)
#define CONDRV_ACTIVATE CONDRV(36, 2)
#define CONDRV_FILL_OUTPUT CONDRV(37, 2)
#define CONDRV_SCROLL CONDRV(38, 2)

#define CONDRV_INPUT_CP 1
#define CONDRV_OUTPUT_CP 2
struct condrv_input_info {
    UINT input_cp;
    UINT output_cp;
};
struct condrv_input_info_params {
    UINT mask;
    struct condrv_input_info info;
};

#define CONDRV_CURSOR_GEOMETRY 0x01
#define CONDRV_CURSOR_POSITION 0x02
#define CONDRV_SIZE 0x04
#define CONDRV_ATTRIBUTE 0x08
#define CONDRV_WINDOW 0x10
#define CONDRV_POPUP_ATTRIBUTE 0x40
struct condrv_output_info {
    SHORT cursor_size, cursor_visible;
    SHORT cursor_x, cursor_y;
    SHORT width, height;
    SHORT attribute, popup_attribute;
    SHORT left, top, right, bottom;
    SHORT max_width, max_height;
    SHORT font_width, font_height, font_weight, font_pitch_family;
    UINT color_map[16];
};
_Static_assert(sizeof(struct condrv_output_info) == 100, "layout");
struct condrv_output_info_params {
    UINT mask;
    struct condrv_output_info info;
};

struct condrv_output_params {
    UINT x, y;
    UINT mode; /* 0 text, 1 attributes, 2 both */
    UINT width; /* of the rectangle; 0: wrapped */
};
struct condrv_fill_params {
    INT x, y, mode, count, wrap;
    WCHAR character;
    WORD attribute;
};
struct condrv_scroll_params {
    SMALL_RECT scroll;
    COORD origin;
    SMALL_RECT clip;
    WCHAR character;
    WORD attribute;
};
struct condrv_ctrl_event {
    INT event;
    UINT group;
};
