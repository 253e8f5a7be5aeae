// libcurl, with a typed function for each kind of variadic curl_easy_setopt / curl_multi_setopt / curl_easy_getinfo.
#pragma once
#include <curl/curl.h>

// Options of a transfer.
static inline CURLcode sluice_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sluice_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sluice_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sluice_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode sluice_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

// Callbacks of a transfer: CURLOPT_HEADERFUNCTION, CURLOPT_WRITEFUNCTION and CURLOPT_READFUNCTION share a type.
typedef size_t (*sluice_curl_data_function)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode sluice_curl_set_data_function(
    CURL *handle, CURLoption option, sluice_curl_data_function function) {
  return curl_easy_setopt(handle, option, function);
}
typedef curl_socket_t (*sluice_curl_open_function)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*sluice_curl_close_function)(void *context, curl_socket_t descriptor);
static inline void sluice_curl_set_socket_functions(
    CURL *handle, sluice_curl_open_function open, sluice_curl_close_function close, void *context) {
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
  curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, close);
  curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, context);
}

// The multi interface.
typedef int (*sluice_curl_socket_function)(
    CURL *handle, curl_socket_t descriptor, int what, void *context, void *socket_context);
typedef int (*sluice_curl_timer_function)(CURLM *multi, long milliseconds, void *context);
static inline void sluice_curl_multi_set_functions(
    CURLM *multi, sluice_curl_socket_function socket, sluice_curl_timer_function timer, void *context) {
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}
static inline CURLMcode sluice_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// The next finished transfer and its result, which stands in a union; NULL if there is none.
static inline CURL *sluice_curl_multi_next_finished(CURLM *multi, CURLcode *result) {
  int left;
  for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

static inline long sluice_curl_get_long(CURL *handle, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(handle, info, &value);
  return value;
}
static inline void *sluice_curl_get_private(CURL *handle) {
  char *value = NULL;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &value);
  return value;
}

static inline CURLcode sluice_curl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

enum {
  sluice_CURL_PAUSE_RECEIVING = CURLPAUSE_RECV,
  sluice_CURL_PAUSE_SENDING = CURLPAUSE_SEND,
};
static const size_t sluice_CURL_WRITE_PAUSE = CURL_WRITEFUNC_PAUSE;
static const size_t sluice_CURL_READ_PAUSE = CURL_READFUNC_PAUSE;
static const size_t sluice_CURL_READ_ABORT = CURL_READFUNC_ABORT;
static const long sluice_CURL_TLS_1_2_OR_NEWER = CURL_SSLVERSION_TLSv1_2;
static const long sluice_CURL_HTTP_1_1 = CURL_HTTP_VERSION_1_1;
static const long sluice_CURL_HTTP_2_OVER_TLS = CURL_HTTP_VERSION_2TLS;
