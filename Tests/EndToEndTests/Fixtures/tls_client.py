"""Drives a TLS listener with Python's ssl: one line a check, `ok NAME` or `failed NAME: why`.

tls_client.py PORT CA CERTIFICATE KEY checks | handshakes COUNT
"""
import hashlib
import os
import socket
import ssl
import sys

port, authority, certificate, key, command = int(sys.argv[1]), *sys.argv[2:6]


def connect(session=None, context=None):
    if context is None:
        context = ssl.create_default_context(cafile=authority)
        context.load_cert_chain(certificate, key)
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    return context.wrap_socket(plain, server_hostname="a.test", session=session, suppress_ragged_eofs=False)


def head(stream):
    read = b""
    while not read.endswith(b"\r\n\r\n"):
        byte = stream.recv(1)
        if not byte:
            raise EOFError(read)
        read += byte
    return read


def answer(stream):
    lines = head(stream).split(b"\r\n")
    length = next((int(l.split(b":")[1]) for l in lines if l.lower().startswith(b"content-length:")), 0)
    body = b""
    while len(body) < length:
        piece = stream.recv(65536)
        if not piece:
            raise EOFError(len(body))
        body += piece
    return int(lines[0].split()[1]), body


def request(path="/x/small", fields="", body=b"", method="GET"):
    return f"{method} {path} HTTP/1.1\r\nHost: a.test\r\n{fields}\r\n".encode() + body


def keep_alive():
    with connect() as stream:
        for _ in range(50):
            stream.sendall(request())
            assert answer(stream) == (200, b"small")


def pipelined():
    with connect() as stream:
        stream.sendall(request() * 20)
        for _ in range(20):
            assert answer(stream) == (200, b"small")


def a_byte_a_record():
    with connect() as stream:
        for byte in request():
            stream.send(bytes([byte]))
        assert answer(stream) == (200, b"small")


def large_answer():
    with connect() as stream:
        stream.sendall(request("/x/large"))
        status, body = answer(stream)
        assert status == 200 and hashlib.sha256(body).hexdigest() == hashlib.sha256(b"0123456789abcdef" * 200000).hexdigest()


def slowly_read():
    with connect() as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        stream.sendall(request("/x/large"))
        status, body = answer(stream)
        assert status == 200 and len(body) == 3200000


def upload():
    content = b"u" * 1000000
    with connect() as stream:
        stream.sendall(request("/x/upload", f"Content-Length: {len(content)}\r\n", content, "PUT"))
        assert answer(stream) == (200, str(len(content)).encode())


def clean_end():
    # Without a close_notify, recv raises here.
    with connect() as stream:
        stream.sendall(request(fields="Connection: close\r\n"))
        assert answer(stream) == (200, b"small")
        assert stream.recv(1) == b""


def half_closed():
    # The client says that it has nothing more to say, and still gets its answer.
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate, key)
    stream = context.wrap_bio(incoming, outgoing, server_hostname="a.test")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:

        def step(action):
            while True:
                try:
                    result = action()
                    plain.sendall(outgoing.read())
                    return result
                except ssl.SSLWantReadError:
                    plain.sendall(outgoing.read())
                    got = plain.recv(65536)
                    incoming.write(got) if got else incoming.write_eof()

        step(stream.do_handshake)
        step(lambda: stream.write(request()))
        try:
            stream.unwrap()
        except ssl.SSLError:
            pass
        plain.sendall(outgoing.read())
        plain.shutdown(socket.SHUT_WR)
        read = b""
        while True:
            got = plain.recv(65536)
            if not got:
                break
            read += got
        assert len(read) > 100, len(read)


def refused_over_plain():
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        plain.sendall(request())
        try:
            assert b"HTTP" not in plain.recv(65536)
        except ConnectionResetError:
            pass


def bad_frame_mid_way():
    with connect() as stream:
        stream.sendall(request())
        assert answer(stream) == (200, b"small")
        # A record that no key fits.
        os.write(stream.fileno(), b"\x17\x03\x03\x00\x20" + b"\x00" * 32)
        try:
            assert stream.recv(1) == b""
        except (ssl.SSLError, ConnectionError):
            pass


checks = [keep_alive, pipelined, a_byte_a_record, large_answer, slowly_read, upload, clean_end, half_closed,
          refused_over_plain, bad_frame_mid_way]

if command == "checks":
    for check in checks:
        try:
            check()
            print("ok", check.__name__)
        except Exception as error:
            print(f"failed {check.__name__}: {type(error).__name__} {error}")
else:
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate, key)
    for _ in range(int(sys.argv[6])):
        with connect(context=context) as stream:
            stream.sendall(request())
            assert answer(stream) == (200, b"small")
    print("ok handshakes")
