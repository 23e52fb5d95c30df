//! Hashes and message authentication codes of Zig's standard library, behind one C interface.
//! A state is as the caller keeps it: copied byte for byte it is a second, independent one.
const std = @import("std");
const hash = std.crypto.hash;

pub const panic = std.debug.no_panic;

const Md5 = hash.Md5;
const Sha1 = hash.Sha1;
const Sha256 = hash.sha2.Sha256;
const Sha384 = hash.sha2.Sha384;
const Sha512 = hash.sha2.Sha512;

fn Mac(comptime Hash: type) type {
    return std.crypto.auth.hmac.Hmac(Hash);
}

/// In the order of `enum hash_kind` in hash.h; those with a key follow those without.
const State = union(enum(u32)) {
    md5: Md5,
    sha1: Sha1,
    sha256: Sha256,
    sha384: Sha384,
    sha512: Sha512,
    md5_mac: Mac(Md5),
    sha1_mac: Mac(Sha1),
    sha256_mac: Mac(Sha256),
    sha384_mac: Mac(Sha384),
    sha512_mac: Mac(Sha512),
};
const kinds = 5;

comptime {
    std.debug.assert(@sizeOf(State) <= 1024);
}

/// Begin; with a key (not NULL) a code, else a hash. False: there is no such kind.
fn begin(state: *State, kind: u32, key: ?[*]const u8, key_size: usize) callconv(.c) c_int {
    if (kind >= kinds) return 0;
    const number = kind + @as(u32, if (key == null) 0 else kinds);
    switch (@as(std.meta.Tag(State), @enumFromInt(number))) {
        inline else => |tag| {
            const Inner = @FieldType(State, @tagName(tag));
            const inner = if (@hasDecl(Inner, "mac_length"))
                Inner.init(key.?[0..key_size])
            else
                Inner.init(.{});
            state.* = @unionInit(State, @tagName(tag), inner);
        },
    }
    return 1;
}

fn add(state: *State, data: [*]const u8, size: usize) callconv(.c) void {
    switch (state.*) {
        inline else => |*inner| inner.update(data[0..size]),
    }
}

/// Store the result, at most 64 bytes; the state is spent.
fn end(state: *State, result: *[64]u8) callconv(.c) void {
    switch (state.*) {
        inline else => |*inner| {
            const Inner = @TypeOf(inner.*);
            const size = if (@hasDecl(Inner, "mac_length")) Inner.mac_length else Inner.digest_length;
            inner.final(result[0..size]);
        },
    }
}

comptime {
    @export(&begin, .{ .name = "hash_begin", .visibility = .hidden });
    @export(&add, .{ .name = "hash_add", .visibility = .hidden });
    @export(&end, .{ .name = "hash_end", .visibility = .hidden });
}
