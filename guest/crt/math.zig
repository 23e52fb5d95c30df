//! The mathematics that neither compiler-rt (sin, exp, log, fmod …) nor the borrowed sources have.
//! They are ports of the same FreeBSD msun code and use no x87 instruction but for moves: an
//! emulator's transcendental instructions are the host's library.
const std = @import("std");
const math = std.math;

pub const panic = std.debug.no_panic;

fn acos(x: f64) callconv(.c) f64 {
    return math.acos(x);
}
fn acosf(x: f32) callconv(.c) f32 {
    return math.acos(x);
}
fn asin(x: f64) callconv(.c) f64 {
    return math.asin(x);
}
fn atan(x: f64) callconv(.c) f64 {
    return math.atan(x);
}
fn atanf(x: f32) callconv(.c) f32 {
    return math.atan(x);
}
fn acoshf(x: f32) callconv(.c) f32 {
    return math.acosh(x);
}
fn cosh(x: f64) callconv(.c) f64 {
    return math.cosh(x);
}
fn coshf(x: f32) callconv(.c) f32 {
    return math.cosh(x);
}
fn tanh(x: f64) callconv(.c) f64 {
    return math.tanh(x);
}
fn tanhf(x: f32) callconv(.c) f32 {
    return math.tanh(x);
}
fn cbrt(x: f64) callconv(.c) f64 {
    return math.cbrt(x);
}
fn cbrtf(x: f32) callconv(.c) f32 {
    return math.cbrt(x);
}
fn hypot(x: f64, y: f64) callconv(.c) f64 {
    return math.hypot(x, y);
}
fn hypotf(x: f32, y: f32) callconv(.c) f32 {
    return math.hypot(x, y);
}
fn log1p(x: f64) callconv(.c) f64 {
    return math.log1p(x);
}
fn log1pf(x: f32) callconv(.c) f32 {
    return math.log1p(x);
}

// `export fn` would put them into the DLL's export table, before what the definition files say.
comptime {
    @export(&acos, .{ .name = "acos", .visibility = .hidden });
    @export(&acosf, .{ .name = "acosf", .visibility = .hidden });
    @export(&asin, .{ .name = "asin", .visibility = .hidden });
    @export(&atan, .{ .name = "atan", .visibility = .hidden });
    @export(&atanf, .{ .name = "atanf", .visibility = .hidden });
    @export(&acoshf, .{ .name = "acoshf", .visibility = .hidden });
    @export(&cosh, .{ .name = "cosh", .visibility = .hidden });
    @export(&coshf, .{ .name = "coshf", .visibility = .hidden });
    @export(&tanh, .{ .name = "tanh", .visibility = .hidden });
    @export(&tanhf, .{ .name = "tanhf", .visibility = .hidden });
    @export(&cbrt, .{ .name = "cbrt", .visibility = .hidden });
    @export(&cbrtf, .{ .name = "cbrtf", .visibility = .hidden });
    @export(&hypot, .{ .name = "hypot", .visibility = .hidden });
    @export(&hypotf, .{ .name = "hypotf", .visibility = .hidden });
    @export(&log1p, .{ .name = "log1p", .visibility = .hidden });
    @export(&log1pf, .{ .name = "log1pf", .visibility = .hidden });
}
