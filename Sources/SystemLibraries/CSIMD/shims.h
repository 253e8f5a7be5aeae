// Runs of bytes of one class, 16 at a time: SSE2 (part of every x86-64), NEON, or plain C elsewhere. Swift's SIMD
// types compile to long sequences where these take a compare and a move-mask.
//
// Every function reads exactly 16 bytes from `at`, those whose name says so 64. The runs return how many bytes from the
// front are in the class, 0 to 16; the stops a mask that is 0 where all are, and from which sluice_first tells the first
// that isn't. A scan that branches on the mask goes on from a known place, where one that adds up runs waits for every
// count in turn. The mask of 64 bytes has one bit for each, the lowest for the first.
#pragma once
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>

static inline int64_t sluice_leading_zero_bytes(__m128i stops) {
  return __builtin_ctz((unsigned)_mm_movemask_epi8(stops) | 0x10000u);
}

static inline int64_t sluice_first(uint64_t stops) { return __builtin_ctzll(stops); }

// Bytes of a JSON string that need a look: controls, quote, backslash, and what is not ASCII.
static inline uint64_t sluice_string_stops(const void *at) {
  const __m128i v = _mm_loadu_si128((const __m128i *)at);
  // Signed, so that bytes from 0x80 are below 0x20 as well.
  const __m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));
  const __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(low, quote), backslash));
}

static inline uint64_t sluice_string_stops64(const void *at) {
  const char *p = (const char *)at;
  return sluice_string_stops(p) | sluice_string_stops(p + 16) << 16 | sluice_string_stops(p + 32) << 32 |
         sluice_string_stops(p + 48) << 48;
}

// Bytes that a JSON string need not escape: all but controls, quote and backslash.
static inline int64_t sluice_unescaped_run(const void *at) {
  const __m128i v = _mm_loadu_si128((const __m128i *)at);
  const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
  const __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
  return sluice_leading_zero_bytes(_mm_or_si128(_mm_or_si128(low, quote), backslash));
}

// ASCII digits.
static inline int64_t sluice_digit_run(const void *at) {
  const __m128i v = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)at), _mm_set1_epi8('0'));
  const __m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(9)), v);
  return __builtin_ctz(~(unsigned)_mm_movemask_epi8(digits));
}

// JSON white space: space, tab, line feed, carriage return.
static inline int64_t sluice_space_run(const void *at) {
  const __m128i v = _mm_loadu_si128((const __m128i *)at);
  const __m128i spaces = _mm_or_si128(
      _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'))),
      _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\r')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\t'))));
  return __builtin_ctz(~(unsigned)_mm_movemask_epi8(spaces));
}

#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>

// NEON has no move-mask; narrowing each pair of bytes to a byte leaves four bits for every byte.
static inline uint64_t sluice_mask(uint8x16_t stops) {
  return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(stops), 4)), 0);
}
static inline int64_t sluice_first(uint64_t stops) { return __builtin_ctzll(stops) >> 2; }
static inline int64_t sluice_leading_zero_bytes(uint8x16_t stops) {
  const uint64_t mask = sluice_mask(stops);
  return mask ? sluice_first(mask) : 16;
}

static inline uint8x16_t sluice_quoting(uint8x16_t v) {
  return vorrq_u8(vceqq_u8(v, vdupq_n_u8('"')), vceqq_u8(v, vdupq_n_u8('\\')));
}

static inline uint8x16_t sluice_string_stop_bytes(const void *at) {
  const uint8x16_t v = vld1q_u8((const uint8_t *)at);
  const uint8x16_t low = vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(0x20));
  return vorrq_u8(low, sluice_quoting(v));
}

static inline uint64_t sluice_string_stops(const void *at) { return sluice_mask(sluice_string_stop_bytes(at)); }

// Each byte is left its own bit, and neighbours are added until eight are one.
static inline uint64_t sluice_string_stops64(const void *at) {
  const uint8_t *p = (const uint8_t *)at;
  const uint8x16_t bit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t a = vpaddq_u8(vandq_u8(sluice_string_stop_bytes(p), bit),
                                 vandq_u8(sluice_string_stop_bytes(p + 16), bit));
  const uint8x16_t b = vpaddq_u8(vandq_u8(sluice_string_stop_bytes(p + 32), bit),
                                 vandq_u8(sluice_string_stop_bytes(p + 48), bit));
  const uint8x16_t sum = vpaddq_u8(a, b);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
}

static inline int64_t sluice_unescaped_run(const void *at) {
  const uint8x16_t v = vld1q_u8((const uint8_t *)at);
  return sluice_leading_zero_bytes(vorrq_u8(vcltq_u8(v, vdupq_n_u8(0x20)), sluice_quoting(v)));
}

static inline int64_t sluice_digit_run(const void *at) {
  const uint8x16_t v = vld1q_u8((const uint8_t *)at);
  return sluice_leading_zero_bytes(vcgtq_u8(vsubq_u8(v, vdupq_n_u8('0')), vdupq_n_u8(9)));
}

static inline int64_t sluice_space_run(const void *at) {
  const uint8x16_t v = vld1q_u8((const uint8_t *)at);
  const uint8x16_t spaces = vorrq_u8(vorrq_u8(vceqq_u8(v, vdupq_n_u8(' ')), vceqq_u8(v, vdupq_n_u8('\n'))),
                                     vorrq_u8(vceqq_u8(v, vdupq_n_u8('\r')), vceqq_u8(v, vdupq_n_u8('\t'))));
  return sluice_leading_zero_bytes(vmvnq_u8(spaces));
}

#else

#define SLUICE_RUN(name, condition)                                                                                    \
  static inline int64_t name(const void *at) {                                                                         \
    const uint8_t *p = (const uint8_t *)at;                                                                            \
    int64_t n = 0;                                                                                                     \
    while (n < 16) {                                                                                                   \
      const uint8_t c = p[n];                                                                                          \
      if (!(condition)) break;                                                                                         \
      n += 1;                                                                                                          \
    }                                                                                                                  \
    return n;                                                                                                          \
  }
SLUICE_RUN(sluice_plain_run, c >= 0x20 && c < 0x80 && c != '"' && c != '\\')
SLUICE_RUN(sluice_unescaped_run, c >= 0x20 && c != '"' && c != '\\')
SLUICE_RUN(sluice_digit_run, c >= '0' && c <= '9')
SLUICE_RUN(sluice_space_run, c == ' ' || c == '\n' || c == '\r' || c == '\t')
#undef SLUICE_RUN

// One bit, at the first stop.
static inline uint64_t sluice_string_stops(const void *at) { return (1u << sluice_plain_run(at)) & 0xFFFFu; }
static inline uint64_t sluice_string_stops64(const void *at) {
  const uint8_t *p = (const uint8_t *)at;
  uint64_t mask = 0;
  for (int i = 0; i < 64; i += 1) {
    const uint8_t c = p[i];
    mask |= (uint64_t)(c < 0x20 || c >= 0x80 || c == '"' || c == '\\') << i;
  }
  return mask;
}
static inline int64_t sluice_first(uint64_t stops) { return __builtin_ctzll(stops); }

#endif
