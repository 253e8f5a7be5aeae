// OpenSSL 3: libssl for the listeners, libcrypto for hashes, signatures and keys; with a function for each macro.
#pragma once
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ocsp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

// The newest error's reason in words, NULL if there is none; forgets all errors of the thread.
static inline const char *sluice_ssl_take_error(void) {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  return code ? ERR_reason_error_string(code) : NULL;
}

// Forgets errors that something else left on this thread: SSL_get_error would take them for its own. Looking is
// cheaper than clearing.
static inline void sluice_ssl_forget_errors(void) {
  if (ERR_peek_error()) ERR_clear_error();
}

// The end of a chain of bytes at a socket, which its owner closes. As OpenSSL's own, but that it never raises SIGPIPE.
static inline int sluice_ssl_socket_read(BIO *bio, char *bytes, int count) {
  BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY | BIO_FLAGS_IN_EOF);
  const ssize_t result = recv((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)count, 0);
  if (result == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  if (result < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  return (int)result;
}
static inline int sluice_ssl_socket_write(BIO *bio, const char *bytes, int count) {
  BIO_clear_retry_flags(bio);
  const ssize_t result = send((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)count, MSG_NOSIGNAL);
  if (result < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return (int)result;
}
static inline long sluice_ssl_socket_control(BIO *bio, int command, long number, void *pointer) {
  (void)number, (void)pointer;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return command == BIO_CTRL_FLUSH;
}
static inline BIO_METHOD *sluice_ssl_socket_method(void) {
  BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
  if (!method) return NULL;
  BIO_meth_set_read(method, sluice_ssl_socket_read);
  BIO_meth_set_write(method, sluice_ssl_socket_write);
  BIO_meth_set_ctrl(method, sluice_ssl_socket_control);
  return method;
}

// A connection over a descriptor; NULL for want of memory.
static inline SSL *sluice_ssl_over(SSL_CTX *context, const BIO_METHOD *method, int descriptor) {
  SSL *ssl = SSL_new(context);
  BIO *bio = ssl ? BIO_new(method) : NULL;
  if (!bio) {
    SSL_free(ssl);
    return NULL;
  }
  BIO_set_data(bio, (void *)(intptr_t)descriptor);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  return ssl;
}

// The server's side of one; NULL for want of memory.
static inline SSL *sluice_ssl_accepting(SSL_CTX *context, const BIO_METHOD *method, int descriptor) {
  SSL *ssl = sluice_ssl_over(context, method, descriptor);
  if (ssl) SSL_set_accept_state(ssl);
  return ssl;
}

// The client's side of one, to a server that goes by a name, or by an IP address; NULL for want of memory.
static inline SSL *sluice_ssl_connecting(
    SSL_CTX *context, const BIO_METHOD *method, int descriptor, const char *name, int is_address) {
  SSL *ssl = sluice_ssl_over(context, method, descriptor);
  if (!ssl) return NULL;
  SSL_set_connect_state(ssl);
  if (is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name)
                 : SSL_set_tlsext_host_name(ssl, name) && SSL_set1_host(ssl, name))
    return ssl;
  SSL_free(ssl);
  return NULL;
}

// A context for clients: TLS 1.2 and 1.3.
static inline SSL_CTX *sluice_ssl_client_context(void) {
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  if (!context) return NULL;
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(
      context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)) return context;
  SSL_CTX_free(context);
  return NULL;
}

// A context for listeners: TLS 1.2 and 1.3, forward secrecy and authenticated encryption only, no renegotiation, no
// compression, no state of sessions beside the tickets. A peer that ends without close_notify has ended: HTTP's own
// framing tells whether a message is whole.
static inline SSL_CTX *sluice_ssl_server_context(void) {
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  if (!context) return NULL;
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                   SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(
      context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(context, 1);
  const char *ciphers =
      "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
      "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
  if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) && SSL_CTX_set_cipher_list(context, ciphers) &&
      SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384"))
    return context;
  SSL_CTX_free(context);
  return NULL;
}

static inline int sluice_ssl_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
  return (int)SSL_CTX_add1_chain_cert(context, certificate);
}
static inline void sluice_ssl_set_session_seconds(SSL_CTX *context, long seconds) {
  SSL_CTX_set_timeout(context, seconds);
}

// Callbacks of a context.
static inline void sluice_ssl_on_server_name(
    SSL_CTX *context, int (*function)(SSL *, int *, void *), void *argument) {
  SSL_CTX_set_tlsext_servername_callback(context, function);
  SSL_CTX_set_tlsext_servername_arg(context, argument);
}
static inline void sluice_ssl_on_status_request(SSL_CTX *context, int (*function)(SSL *, void *), void *argument) {
  SSL_CTX_set_tlsext_status_cb(context, function);
  SSL_CTX_set_tlsext_status_arg(context, argument);
}
static inline int sluice_ssl_staple(SSL *ssl, const void *response, long count) {
  void *copy = OPENSSL_memdup(response, (size_t)count);
  return copy && SSL_set_tlsext_status_ocsp_resp(ssl, copy, count) ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// Readies the two halves of a session ticket's protection (RFC 5077 §4): AES-256 in CBC mode, HMAC with SHA-256.
static inline int sluice_ssl_protect_ticket(
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, const unsigned char *secret, const unsigned char *iv, int encrypts) {
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)(secret + 32), 32), OSSL_PARAM_construct_end()};
  return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, secret, iv, encrypts) &&
         EVP_MAC_CTX_set_params(mac, parameters);
}

// Calls `each` for every DNS name of a certificate; for its common name where it has no alternative names at all.
static inline void sluice_x509_each_name(
    const X509 *certificate, void (*each)(void *context, const unsigned char *name, int count), void *context) {
  GENERAL_NAMES *names = (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) each(context, ASN1_STRING_get0_data(name->d.dNSName), ASN1_STRING_length(name->d.dNSName));
  }
  if (!names) {
    const X509_NAME *subject = X509_get_subject_name(certificate);
    const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    const ASN1_STRING *name = index < 0 ? NULL : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
    if (name) each(context, ASN1_STRING_get0_data(name), ASN1_STRING_length(name));
  }
  GENERAL_NAMES_free(names);
}

// Seconds since 1970; INT64_MAX where the time can't be read or is NULL.
static inline int64_t sluice_asn1_seconds(const ASN1_TIME *time) {
  struct tm parts;
  return time && ASN1_TIME_to_tm(time, &parts) ? (int64_t)timegm(&parts) : INT64_MAX;
}

// What is wrong with an OCSP response (DER) for a certificate; NULL if nothing is. `next_update`: when it goes stale.
static inline const char *sluice_ocsp_problem(
    const unsigned char *bytes, long count, const X509 *certificate, int64_t *next_update) {
  OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &bytes, count);
  OCSP_BASICRESP *basic = NULL;
  const char *problem = NULL;
  if (!response) {
    problem = "is no OCSP response in DER form";
  } else if (OCSP_response_status(response) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    problem = "is a responder's refusal, not an answer";
  } else if (!(basic = OCSP_response_get1_basic(response))) {
    problem = "is an OCSP response of an unknown kind";
  } else {
    problem = "is about another certificate";
    for (int i = 0; i < OCSP_resp_count(basic); i++) {
      OCSP_SINGLERESP *single = OCSP_resp_get0(basic, i);
      ASN1_INTEGER *serial = NULL;
      OCSP_id_get0_info(NULL, NULL, NULL, &serial, (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(single));
      if (!serial || ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(certificate))) continue;
      ASN1_GENERALIZEDTIME *update = NULL;
      const int status = OCSP_single_get0_status(single, NULL, NULL, NULL, &update);
      *next_update = sluice_asn1_seconds(update);
      problem = status == V_OCSP_CERTSTATUS_REVOKED ? "says that the certificate is revoked" : NULL;
    }
  }
  ERR_clear_error();
  OCSP_BASICRESP_free(basic);
  OCSP_RESPONSE_free(response);
  return problem;
}

enum {
  sluice_SSL_TLSEXT_ERR_OK = SSL_TLSEXT_ERR_OK,
  sluice_SSL_TLSEXT_ERR_ALERT_FATAL = SSL_TLSEXT_ERR_ALERT_FATAL,
  sluice_SSL_TLSEXT_ERR_NOACK = SSL_TLSEXT_ERR_NOACK,
  sluice_SSL_VERIFY_CLIENT = SSL_VERIFY_PEER,
  sluice_SSL_VERIFY_REQUIRED = SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
};
static const unsigned long sluice_XN_FLAG_RFC2253 = XN_FLAG_RFC2253;
