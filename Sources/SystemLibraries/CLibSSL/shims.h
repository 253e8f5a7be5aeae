// OpenSSL 3: libssl for the listeners, libcrypto for hashes, signatures and keys; with a function for each macro.
#pragma once
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// The newest error's reason in words, NULL if there is none; forgets all errors of the thread.
static inline const char *sluice_ssl_take_error(void) {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  return code ? ERR_reason_error_string(code) : NULL;
}
