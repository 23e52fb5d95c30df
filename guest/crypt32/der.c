/* A certificate's encoding (RFC 5280, 4.1):
 *
 *   SEQUENCE { TBS: SEQUENCE { [0] version, serial, algorithm, issuer, validity, subject, key, … },
 *              algorithm, signature }
 */
#include "certificates.h"

struct part {
    const BYTE *at, *content, *end;
    BYTE tag;
};

/* The element at `at`; FALSE: it does not end before `end`. */
static BOOL read_part(const BYTE *at, const BYTE *end, struct part *part)
{
    SIZE_T length, bytes;
    if (end - at < 2) return FALSE;
    part->at = at;
    part->tag = at[0];
    length = at[1];
    at += 2;
    if (length & 0x80) {
        bytes = length & 0x7F;
        if (!bytes || bytes > 4 || (SIZE_T)(end - at) < bytes) return FALSE;
        for (length = 0; bytes--; at++) length = length << 8 | *at;
    }
    if ((SIZE_T)(end - at) < length) return FALSE;
    part->content = at;
    part->end = at + length;
    return TRUE;
}

static void whole(const struct part *part, CRYPT_DATA_BLOB *blob)
{
    blob->pbData = (BYTE *)part->at;
    blob->cbData = (DWORD)(part->end - part->at);
}

static BOOL two_digits(const BYTE *text, WORD *value)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return FALSE;
    *value = (WORD)((text[0] - '0') * 10 + text[1] - '0');
    return TRUE;
}

/* UTCTime (years 1950 to 2049) or GeneralizedTime, both in UTC to the second. */
static BOOL read_time(const struct part *part, FILETIME *time)
{
    SYSTEMTIME fields = {0};
    const BYTE *text = part->content;
    WORD century = 19, year;
    SIZE_T length = (SIZE_T)(part->end - text);
    if (part->tag == 0x18 ? length != 15 : part->tag != 0x17 || length != 13) return FALSE;
    if (part->tag == 0x18) {
        if (!two_digits(text, &century)) return FALSE;
        text += 2;
    }
    if (!two_digits(text, &year) || !two_digits(text + 2, &fields.wMonth) ||
        !two_digits(text + 4, &fields.wDay) || !two_digits(text + 6, &fields.wHour) ||
        !two_digits(text + 8, &fields.wMinute) || !two_digits(text + 10, &fields.wSecond))
        return FALSE;
    if (part->tag == 0x17 && year < 50) century = 20;
    fields.wYear = century * 100 + year;
    return SystemTimeToFileTime(&fields, time);
}

static BOOL read_validity(const struct part *part, CERT_INFO *info)
{
    struct part from, to;
    return part->tag == 0x30 && read_part(part->content, part->end, &from) &&
           read_part(from.end, part->end, &to) && read_time(&from, &info->NotBefore) &&
           read_time(&to, &info->NotAfter);
}

/* The serial number's bytes are the other way round in CERT_INFO; they stay where they are, so that
 * only its place is told here. */
BOOL parse_certificate(const BYTE *encoded, DWORD size, CERT_INFO *info)
{
    struct part all, body, part;
    memset(info, 0, sizeof *info);
    if (!read_part(encoded, encoded + size, &all) || all.tag != 0x30 ||
        !read_part(all.content, all.end, &body) || body.tag != 0x30 ||
        !read_part(body.content, body.end, &part))
        return FALSE;
    if (part.tag == 0xA0) {
        info->dwVersion = part.end > part.content ? part.end[-1] : 0;
        if (!read_part(part.end, body.end, &part)) return FALSE;
    }
    if (part.tag != 2) return FALSE;
    info->SerialNumber.pbData = (BYTE *)part.content;
    info->SerialNumber.cbData = (DWORD)(part.end - part.content);
    if (!read_part(part.end, body.end, &part) || !read_part(part.end, body.end, &part))
        return FALSE;
    whole(&part, &info->Issuer);
    if (!read_part(part.end, body.end, &part) || !read_validity(&part, info)) return FALSE;
    if (!read_part(part.end, body.end, &part)) return FALSE;
    whole(&part, &info->Subject);
    return TRUE;
}
