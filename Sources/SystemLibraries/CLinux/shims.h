// What the Glibc module lacks: epoll, eventfd and the calls that only exist with _GNU_SOURCE.
// _GNU_SOURCE itself is not defined here: it would give fd_set a second definition.
#pragma once
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
int pipe2(int fds[2], int flags);
int pthread_setname_np(pthread_t thread, const char *name);

// epoll_data is a union, which Swift imports as unsafe; the loop only ever keeps a 64-bit tag in it.
static inline int sluice_epoll_ctl(int epoll, int operation, int fd, uint32_t events, uint64_t tag) {
  struct epoll_event event = {.events = events, .data.u64 = tag};
  return epoll_ctl(epoll, operation, fd, &event);
}
static inline uint64_t sluice_epoll_tag(const struct epoll_event *event) { return event->data.u64; }

enum {
  sluice_EPOLLIN = EPOLLIN,
  sluice_EPOLLOUT = EPOLLOUT,
  sluice_EPOLLERR = EPOLLERR,
  sluice_EPOLLHUP = EPOLLHUP,
  sluice_EPOLLRDHUP = EPOLLRDHUP,
  sluice_EPOLL_CLOEXEC = EPOLL_CLOEXEC,
  sluice_EPOLL_CTL_ADD = EPOLL_CTL_ADD,
  sluice_EPOLL_CTL_DEL = EPOLL_CTL_DEL,
  sluice_EPOLL_CTL_MOD = EPOLL_CTL_MOD,
  sluice_EFD_CLOEXEC = EFD_CLOEXEC,
  sluice_EFD_NONBLOCK = EFD_NONBLOCK,
  sluice_SOCK_STREAM = SOCK_STREAM,
  sluice_SOCK_NONBLOCK = SOCK_NONBLOCK,
  sluice_SOCK_CLOEXEC = SOCK_CLOEXEC,
  sluice_MSG_NOSIGNAL = MSG_NOSIGNAL,
  sluice_MSG_PEEK = MSG_PEEK,
  sluice_SHUT_RD = SHUT_RD,
  sluice_SHUT_WR = SHUT_WR,
  sluice_IPPROTO_TCP = IPPROTO_TCP,
  sluice_IPPROTO_IPV6 = IPPROTO_IPV6,
  sluice_TCP_NODELAY = TCP_NODELAY,
  sluice_IPV6_V6ONLY = IPV6_V6ONLY,
};
