"""Calls of Wine 8.0's win32u that are no system calls yet: user mode finds them in a table.

Each entry is the address of a routine (struct unix_funcs); here one that makes a system call:

    lea edx,[esp+4]   mov eax,number   int 2Eh   ret bytes
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.mm import Protection
from provider.nt.handles import nt_part
from provider.nt.service_calls import bind_user_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.thread import Thread

_FIRST_NUMBER = 0x20000
"""Beyond those of ntdll's and win32u's own stubs."""
_STUB_BYTES = 16
_FUNCTIONS = """
NtGdiAbortDoc 4 NtGdiAbortPath 4 NtGdiAlphaBlend 48 NtGdiAngleArc 24 NtGdiArcInternal 40
NtGdiBeginPath 4 NtGdiBitBlt 44 NtGdiCloseFigure 4 NtGdiComputeXformCoefficients 4
NtGdiCreateCompatibleBitmap 12 NtGdiCreateCompatibleDC 4 NtGdiCreateDIBitmapInternal 44
NtGdiCreateMetafileDC 4 NtGdiDdDDICheckVidPnExclusiveOwnership 4 NtGdiDdDDICloseAdapter 4
NtGdiDdDDICreateDCFromMemory 4 NtGdiDdDDIDestroyDCFromMemory 4 NtGdiDdDDIDestroyDevice 4
NtGdiDdDDIEscape 4 NtGdiDdDDIOpenAdapterFromDeviceName 4 NtGdiDdDDIOpenAdapterFromLuid 4
NtGdiDdDDIQueryVideoMemoryInfo 4 NtGdiDdDDISetVidPnSourceOwner 4 NtGdiDeleteObjectApp 4
NtGdiDoPalette 24 NtGdiEllipse 20 NtGdiEndDoc 4 NtGdiEndPath 4 NtGdiEndPage 4 NtGdiEnumFonts 32
NtGdiExcludeClipRect 20 NtGdiExtEscape 32 NtGdiExtFloodFill 20 NtGdiExtTextOutW 36
NtGdiExtSelectClipRgn 12 NtGdiFillPath 4 NtGdiFillRgn 12 NtGdiFontIsLinked 4 NtGdiFrameRgn 20
NtGdiGetAndSetDCDword 16 NtGdiGetAppClipBox 8 NtGdiGetBoundsRect 12 NtGdiGetCharABCWidthsW 24
NtGdiGetCharWidthW 24 NtGdiGetCharWidthInfo 8 NtGdiGetDIBitsInternal 36 NtGdiGetDeviceCaps 8
NtGdiGetDeviceGammaRamp 8 NtGdiGetFontData 20 NtGdiGetFontUnicodeRanges 8 NtGdiGetGlyphIndicesW 20
NtGdiGetGlyphOutline 32 NtGdiGetKerningPairs 12 NtGdiGetNearestColor 8
NtGdiGetOutlineTextMetricsInternalW 16 NtGdiGetPixel 12 NtGdiGetRandomRgn 12
NtGdiGetRasterizerCaps 8 NtGdiGetRealizationInfo 8 NtGdiGetTextCharsetInfo 12
NtGdiGetTextExtentExW 32 NtGdiGetTextFaceW 16 NtGdiGetTextMetricsW 12 NtGdiGradientFill 24
NtGdiIntersectClipRect 20 NtGdiInvertRgn 8 NtGdiLineTo 12 NtGdiMaskBlt 52
NtGdiModifyWorldTransform 12 NtGdiMoveTo 16 NtGdiOffsetClipRgn 12 NtGdiOpenDCW 32 NtGdiPatBlt 24
NtGdiPlgBlt 44 NtGdiPolyDraw 16 NtGdiPolyPolyDraw 20 NtGdiPtVisible 12 NtGdiRectVisible 8
NtGdiRectangle 20 NtGdiResetDC 20 NtGdiResizePalette 8 NtGdiRestoreDC 8 NtGdiRoundRect 28
NtGdiScaleViewportExtEx 24 NtGdiScaleWindowExtEx 24 NtGdiSelectBitmap 8 NtGdiSelectBrush 8
NtGdiSelectClipPath 8 NtGdiSelectFont 8 NtGdiSelectPen 8 NtGdiSetBoundsRect 12
NtGdiSetDIBitsToDeviceInternal 64 NtGdiSetDeviceGammaRamp 8 NtGdiSetLayout 12 NtGdiSetPixel 16
NtGdiSetSystemPaletteUse 8 NtGdiStartDoc 16 NtGdiStartPage 4 NtGdiStretchBlt 48
NtGdiStretchDIBitsInternal 64 NtGdiStrokeAndFillPath 4 NtGdiStrokePath 4 NtGdiTransparentBlt 44
NtGdiUnrealizeObject 4 NtGdiUpdateColors 4 NtGdiWidenPath 4 NtUserDrawCaptionTemp 28
NtUserDrawMenuBarTemp 20 NtUserEndPaint 8 NtUserExcludeUpdateRgn 8 NtUserReleaseDC 8
NtUserScrollDC 28 NtUserSelectPalette 12 NtUserUpdateLayeredWindow 40 SetDIBits 28
"""
"""Names and bytes of arguments, in the order of the table."""


def _functions() -> Iterator[tuple[str, int]]:
    words = _FUNCTIONS.split()
    return zip(words[::2], map(int, words[1::2]), strict=True)


def _stub(number: int, argument_bytes: int) -> bytes:
    code = b"\x8d\x54\x24\4\xb8" + number.to_bytes(4, "little")
    code += b"\xcd\x2e\xc2" + argument_bytes.to_bytes(2, "little")
    return code.ljust(_STUB_BYTES, b"\xcc")


def make_table(thread: Thread) -> int:
    """The address of a table of the calling process.  KernelError without memory."""
    functions = [*_functions()]
    space, context = thread.process.space, nt_part(thread.process)
    size = len(functions) * (4 + _STUB_BYTES)
    va, size = space.allocate(
        None,
        -(-size // PAGE_SIZE) * PAGE_SIZE,
        reserve=True,
        commit=True,
        protection=Protection.READ | Protection.WRITE,
    )
    stubs, stubs_va = b"", va + 4 * len(functions)
    for number, (name, argument_bytes) in enumerate(functions, _FIRST_NUMBER):
        stubs += _stub(number, argument_bytes)
        bind_user_call(context, number, name, argument_bytes)
    addresses = range(stubs_va, stubs_va + len(stubs), _STUB_BYTES)
    space.write(va, struct.pack(f"<{len(functions)}I", *addresses) + stubs)
    space.protect(va, size, Protection.READ | Protection.EXECUTE)
    return va
