/* LZNT1 ([MS-XCA] 2.5): chunks of 4 KiB, each a 16-bit header and groups of eight tokens.
 *
 * Header: bit 15 set if compressed, bits 12-14 = 3, bits 0-11 the chunk's size less 3. A group has a
 * byte of flags, one for each token: 0 is a literal byte, 1 a 16-bit copy of displacement and
 * length. How many bits the displacement has depends on the position in the chunk. */
#include "ntdll.h"

#define CHUNK 0x1000
#define COMPRESSED 0x8000
#define SIGNATURE 0x3000
#define ENGINE_MASK 0xFF00
#define HASH_SIZE 4096
#define CHAIN_LIMIT 32

struct workspace {
    USHORT head[HASH_SIZE]; /* the last position + 1 of three bytes with that hash */
    USHORT previous[CHUNK];
};

static ULONG LengthBits(ULONG position)
{
    ULONG bits = 12;
    while (bits > 4 && position > 1u << (16 - bits))
        bits--;
    return bits;
}

static NTSTATUS FormatStatus(USHORT format)
{
    switch (format & ~ENGINE_MASK) {
    case COMPRESSION_FORMAT_NONE:
    case COMPRESSION_FORMAT_DEFAULT: return STATUS_INVALID_PARAMETER;
    case COMPRESSION_FORMAT_LZNT1: return STATUS_SUCCESS;
    default: return STATUS_UNSUPPORTED_COMPRESSION;
    }
}

NTSTATUS NTAPI RtlGetCompressionWorkSpaceSize(USHORT Format, PULONG Compress, PULONG Fragment)
{
    NTSTATUS status = FormatStatus(Format);
    if (!NT_SUCCESS(status))
        return status;
    *Compress = sizeof(struct workspace);
    *Fragment = CHUNK;
    return STATUS_SUCCESS;
}

/* Unpack the tokens of one chunk; *written is at most `room`. */
static NTSTATUS Unpack(PUCHAR target, ULONG room, const UCHAR *source, ULONG size, PULONG written)
{
    ULONG at = 0, flags = 0, left = 0;
    const UCHAR *end = source + size;
    while (source < end) {
        if (!left--) {
            flags = *source++;
            left = 8;
            continue;
        }
        BOOL copy = flags & 1;
        flags >>= 1;
        if (!copy) {
            if (at == room)
                break;
            target[at++] = *source++;
            continue;
        }
        if (end - source < 2)
            return STATUS_BAD_COMPRESSION_BUFFER;
        ULONG token = source[0] | source[1] << 8, bits = LengthBits(at);
        ULONG distance = (token >> bits) + 1, length = (token & ((1u << bits) - 1)) + 3;
        source += 2;
        if (distance > at)
            return STATUS_BAD_COMPRESSION_BUFFER;
        for (; length && at < room; length--, at++)
            target[at] = target[at - distance];
        if (length)
            break;
    }
    *written = at;
    return STATUS_SUCCESS;
}

/* One chunk into a buffer of CHUNK bytes or less; *consumed is 0 at the end of the data. */
static NTSTATUS UnpackChunk(PUCHAR target, ULONG room, const UCHAR *source, ULONG size,
                            PULONG written, PULONG consumed)
{
    *written = *consumed = 0;
    if (size < sizeof(USHORT))
        return STATUS_SUCCESS;
    ULONG header = source[0] | source[1] << 8, length = (header & 0xFFF) + 1;
    if (!header)
        return STATUS_SUCCESS;
    if (length + 2 > size)
        return STATUS_BAD_COMPRESSION_BUFFER;
    *consumed = length + 2;
    if (header & COMPRESSED)
        return Unpack(target, room, source + 2, length, written);
    *written = length < room ? length : room;
    memcpy(target, source + 2, *written);
    return STATUS_SUCCESS;
}

/* From `offset` of the unpacked data; every chunk but the last stands for CHUNK bytes. */
static NTSTATUS UnpackAll(PUCHAR target, ULONG room, const UCHAR *source, ULONG size, ULONG offset,
                          PUCHAR workspace, PULONG final)
{
    ULONG at = 0, written, consumed, done = 0;
    NTSTATUS status = STATUS_SUCCESS;
    while (at < size && done < room) {
        BOOL within = offset > 0;
        ULONG space = within ? CHUNK : min(room - done, CHUNK);
        status = UnpackChunk(within ? workspace : target + done, space, source + at, size - at,
                             &written, &consumed);
        if (!NT_SUCCESS(status) || !consumed)
            break;
        at += consumed;
        if (!within) {
            /* A short chunk before the last one is filled up with zeros. */
            BOOL more = at + 2 <= size && (source[at] || source[at + 1]);
            if (more && written < space) {
                memset(target + done + written, 0, space - written);
                written = space;
            }
            done += written;
        } else if (offset >= CHUNK) {
            offset -= CHUNK;
        } else {
            ULONG count = written > offset ? min(written - offset, room) : 0;
            memcpy(target, workspace + offset, count);
            done = count;
            offset = 0;
        }
    }
    *final = done;
    return status;
}

NTSTATUS NTAPI RtlDecompressBuffer(USHORT Format, PUCHAR Target, ULONG TargetSize, PUCHAR Source,
                                   ULONG SourceSize, PULONG Final)
{
    NTSTATUS status = FormatStatus(Format);
    if (!NT_SUCCESS(status))
        return status;
    if (SourceSize < sizeof(USHORT))
        return STATUS_BAD_COMPRESSION_BUFFER;
    return UnpackAll(Target, TargetSize, Source, SourceSize, 0, NULL, Final);
}

NTSTATUS NTAPI RtlDecompressFragment(USHORT Format, PUCHAR Target, ULONG TargetSize,
                                     PUCHAR Source, ULONG SourceSize, ULONG Offset, PULONG Final,
                                     PVOID WorkSpace)
{
    NTSTATUS status = FormatStatus(Format);
    if (!NT_SUCCESS(status))
        return status;
    if (SourceSize < sizeof(USHORT))
        return STATUS_BAD_COMPRESSION_BUFFER;
    return UnpackAll(Target, TargetSize, Source, SourceSize, Offset, WorkSpace, Final);
}

static ULONG HashOf(const UCHAR *bytes)
{
    return ((bytes[0] << 8 ^ bytes[1] << 4 ^ bytes[2]) * 2654435761u) >> 20;
}

/* The longest earlier copy of what is at `at`, by the chains of equal hashes. */
static ULONG Match(struct workspace *workspace, const UCHAR *chunk, ULONG at, ULONG size,
                   ULONG *distance)
{
    ULONG best = 2, most = min((1u << LengthBits(at)) + 2, size - at), tries = CHAIN_LIMIT;
    if (size - at < 3)
        return 0;
    ULONG reach = 1u << (16 - LengthBits(at));
    for (ULONG from = workspace->head[HashOf(chunk + at)]; from && tries--;
         from = workspace->previous[from - 1]) {
        ULONG length = 0, start = from - 1;
        if (at - start > reach)
            break;
        while (length < most && chunk[start + length] == chunk[at + length])
            length++;
        if (length > best) {
            best = length;
            *distance = at - start;
        }
    }
    return best > 2 ? best : 0;
}

static VOID Enter(struct workspace *workspace, const UCHAR *chunk, ULONG at, ULONG size)
{
    if (size - at < 3)
        return;
    ULONG hash = HashOf(chunk + at);
    workspace->previous[at] = workspace->head[hash];
    workspace->head[hash] = (USHORT)(at + 1);
}

/* Pack a chunk; 0 if it does not become smaller or does not fit. */
static ULONG Pack(struct workspace *workspace, const UCHAR *chunk, ULONG size, PUCHAR target,
                  ULONG room)
{
    ULONG at = 0, out = 0, flags_at = 0, tokens = 8;
    memset(workspace->head, 0, sizeof workspace->head);
    while (at < size) {
        ULONG distance = 0, length = Match(workspace, chunk, at, size, &distance);
        if (tokens == 8) {
            flags_at = out++;
            tokens = 0;
            if (out > room)
                return 0;
            target[flags_at] = 0;
        }
        ULONG bytes = length ? 2 : 1;
        if (out + bytes > room || out + bytes >= size)
            return 0;
        if (length) {
            ULONG token = (distance - 1) << LengthBits(at) | (length - 3);
            target[flags_at] |= (UCHAR)(1 << tokens);
            target[out] = (UCHAR)token;
            target[out + 1] = (UCHAR)(token >> 8);
        } else {
            target[out] = chunk[at];
            length = 1;
        }
        out += bytes;
        tokens++;
        for (; length; length--, at++)
            Enter(workspace, chunk, at, size);
    }
    return out;
}

NTSTATUS NTAPI RtlCompressBuffer(USHORT Format, PUCHAR Source, ULONG SourceSize, PUCHAR Target,
                                 ULONG TargetSize, ULONG ChunkSize, PULONG Final, PVOID WorkSpace)
{
    NTSTATUS status = FormatStatus(Format);
    ULONG out = 0;
    (void)ChunkSize; /* a hint for how the data will be read */
    if (!NT_SUCCESS(status))
        return status;
    for (ULONG at = 0; at < SourceSize; at += CHUNK) {
        ULONG size = min(SourceSize - at, CHUNK);
        if (TargetSize - out < 2)
            return STATUS_BUFFER_TOO_SMALL;
        ULONG packed = Pack(WorkSpace, Source + at, size, Target + out + 2, TargetSize - out - 2);
        ULONG header = SIGNATURE | (packed ? COMPRESSED | (packed - 1) : size - 1);
        if (!packed) {
            if (TargetSize - out - 2 < size)
                return STATUS_BUFFER_TOO_SMALL;
            memcpy(Target + out + 2, Source + at, size);
            packed = size;
        }
        Target[out] = (UCHAR)header;
        Target[out + 1] = (UCHAR)(header >> 8);
        out += packed + 2;
    }
    *Final = out;
    return STATUS_SUCCESS;
}
