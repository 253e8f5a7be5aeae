"""Writes keys into the folder given, and prints tokens of every kind as one JSON object.

PyJWT and joserfc make them, as an issuer would; what no library agrees to make is put together by hand.
"""
import base64, json, sys, time, hmac, hashlib
from pathlib import Path
import jwt
from jwt.algorithms import RSAAlgorithm, ECAlgorithm, OKPAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, ed448, rsa
from joserfc import jwt as jose_jwt
from joserfc.jwk import OctKey, RSAKey

folder = Path(sys.argv[1])
now = int(time.time())
ISSUER, AUDIENCE = "https://issuer.example", "https://api.example"


def public(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def jwk(algorithm, key, kid):
    value = algorithm.to_jwk(key.public_key(), as_dict=True)
    return {**value, "kid": kid, "use": "sig"}


def claims(**changes):
    value = {"iss": ISSUER, "aud": AUDIENCE, "sub": "7", "exp": now + 3600, "iat": now, **changes}
    return {name: claim for name, claim in value.items() if claim is not None}


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(header, payload, sign):
    """A token whose header and payload are texts."""
    signed = f"{b64(header.encode())}.{b64(payload.encode())}"
    return f"{signed}.{b64(sign(signed.encode()))}"


rsa_key = rsa.generate_private_key(65537, 2048)
other_key = rsa.generate_private_key(65537, 2048)
pem_key = rsa.generate_private_key(65537, 2048)
curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
ec_keys = {name: ec.generate_private_key(curve) for name, curve in curves.items()}
ed = ed25519.Ed25519PrivateKey.generate()
ed4 = ed448.Ed448PrivateKey.generate()
secret = bytes(range(64))

keys = [jwk(RSAAlgorithm, rsa_key, "rsa")]
keys += [jwk(ECAlgorithm, key, name) for name, key in ec_keys.items()]
keys += [jwk(OKPAlgorithm, ed, "ed25519"), jwk(OKPAlgorithm, ed4, "ed448")]
keys += [{"kty": "oct", "kid": "secret", "k": b64(secret)}]
keys += [{"kty": "RSA", "kid": "encryption", "use": "enc", "n": keys[0]["n"], "e": "AQAB"}, {"kty": "strange"}]
(folder / "keys.json").write_text(json.dumps({"keys": keys}))
(folder / "key.pem").write_bytes(public(pem_key))
(folder / "private.pem").write_bytes(
    pem_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))

tokens = {}
for name in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]:
    tokens["good " + name] = jwt.encode(claims(), rsa_key, name, {"kid": "rsa"})
for name, key in ec_keys.items():
    tokens["good " + name] = jwt.encode(claims(), key, name, {"kid": name})
tokens["good Ed25519"] = jwt.encode(claims(), ed, "EdDSA", {"kid": "ed25519"})
tokens["good Ed448"] = jwt.encode(claims(), ed4, "EdDSA", {"kid": "ed448"})
for name in ["HS256", "HS384", "HS512"]:
    tokens["good " + name] = jwt.encode(claims(), secret, name, {"kid": "secret"})
tokens["good joserfc"] = jose_jwt.encode(
    {"alg": "HS256", "kid": "secret"}, claims(), OctKey.import_key(secret))
tokens["good PEM key"] = jwt.encode(claims(), pem_key, "RS256", {"kid": "pem"})
tokens["good without kid"] = jwt.encode(claims(), rsa_key, "RS256")
tokens["good array audience"] = jwt.encode(claims(aud=["other", AUDIENCE]), rsa_key, "RS256", {"kid": "rsa"})
tokens["good without exp"] = jwt.encode(claims(exp=None), rsa_key, "RS256", {"kid": "rsa"})
tokens["good within leeway"] = jwt.encode(claims(exp=now - 60), rsa_key, "RS256", {"kid": "rsa"})
tokens["good nbf within leeway"] = jwt.encode(claims(nbf=now + 1190), rsa_key, "RS256", {"kid": "rsa"})
tokens["good fractional exp"] = jwt.encode(claims(exp=now + 3600.5), rsa_key, "RS256", {"kid": "rsa"})

tokens["expired"] = jwt.encode(claims(exp=now - 1210), rsa_key, "RS256", {"kid": "rsa"})
tokens["not yet"] = jwt.encode(claims(nbf=now + 7200), rsa_key, "RS256", {"kid": "rsa"})
tokens["issued in the future"] = jwt.encode(claims(iat=now + 7200), rsa_key, "RS256", {"kid": "rsa"})
tokens["wrong issuer"] = jwt.encode(claims(iss="https://evil.example"), rsa_key, "RS256", {"kid": "rsa"})
tokens["no issuer"] = jwt.encode(claims(iss=None), rsa_key, "RS256", {"kid": "rsa"})
tokens["wrong audience"] = jwt.encode(claims(aud="other"), rsa_key, "RS256", {"kid": "rsa"})
tokens["wrong array audience"] = jwt.encode(claims(aud=["other", "more"]), rsa_key, "RS256", {"kid": "rsa"})
tokens["no audience"] = jwt.encode(claims(aud=None), rsa_key, "RS256", {"kid": "rsa"})
tokens["none"] = jwt.encode(claims(), None, "none")
tokens["none with kid"] = jwt.encode(claims(), None, "none", {"kid": "rsa"})
tokens["None in capitals"] = by_hand('{"alg":"NONE"}', json.dumps(claims()), lambda _: b"")
for name, key in {"SPKI": public(pem_key), "with kid": public(rsa_key)}.items():
    header = '{"alg":"HS256","kid":"%s"}' % ("pem" if name == "SPKI" else "rsa")
    tokens[f"HS signed with the RSA public key, {name}"] = by_hand(
        header, json.dumps(claims()), lambda text, key=key: hmac.new(key, text, hashlib.sha256).digest())
tokens["HS signed with an empty secret"] = by_hand(
    '{"alg":"HS256"}', json.dumps(claims()), lambda text: hmac.new(b"", text, hashlib.sha256).digest())
good = tokens["good RS256"]
tokens["truncated"] = good[:-20]
tokens["two parts"] = good.rsplit(".", 1)[0]
tokens["four parts"] = good + ".x"
tokens["no signature"] = good.rsplit(".", 1)[0] + "."
tokens["padded"] = good + "=="
tokens["another key's"] = jwt.encode(claims(), other_key, "RS256", {"kid": "rsa"})
tokens["changed payload"] = ".".join(
    [good.split(".")[0], b64(json.dumps(claims(sub="1")).encode()), good.split(".")[2]])
tokens["wrong curve"] = jwt.encode(claims(), ec_keys["ES384"], "ES384", {"kid": "ES256"})
tokens["curve of another algorithm"] = by_hand(
    '{"alg":"ES256","kid":"ES384"}', json.dumps(claims()), lambda _: bytes(64))
tokens["zero ECDSA signature"] = by_hand(
    '{"alg":"ES256","kid":"ES256"}', json.dumps(claims()), lambda _: bytes(64))
tokens["unknown kid"] = jwt.encode(claims(), rsa_key, "RS256", {"kid": "nobody"})
tokens["kid of an encryption key"] = jwt.encode(claims(), rsa_key, "RS256", {"kid": "encryption"})


def rs256(text):
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives import hashes

    return rsa_key.sign(text, padding.PKCS1v15(), hashes.SHA256())


tokens["critical header"] = by_hand(
    '{"alg":"RS256","kid":"rsa","crit":["x"],"x":1}', json.dumps(claims()), rs256)
tokens["unencoded payload"] = by_hand(
    '{"alg":"RS256","kid":"rsa","crit":["b64"],"b64":false}', json.dumps(claims()), rs256)
tokens["duplicated header member"] = by_hand(
    '{"alg":"RS256","alg":"RS256","kid":"rsa"}', json.dumps(claims()), rs256)
tokens["duplicated claim"] = by_hand(
    '{"alg":"RS256","kid":"rsa"}', json.dumps(claims())[:-1] + ',"sub":"1"}', rs256)
tokens["duplicated claim, escaped"] = by_hand(
    '{"alg":"RS256","kid":"rsa"}', json.dumps(claims())[:-1] + ',"s\\u0075b":"1"}', rs256)
tokens["payload is a list"] = by_hand('{"alg":"RS256","kid":"rsa"}', "[1]", rs256)
tokens["payload is no JSON"] = by_hand('{"alg":"RS256","kid":"rsa"}', "hello", rs256)
tokens["exp is a text"] = by_hand(
    '{"alg":"RS256","kid":"rsa"}', json.dumps(claims(exp=str(now + 3600))), rs256)
tokens["header is no Base64URL"] = "$$$" + good[3:]
tokens["empty"] = ""
tokens["dots"] = ".."
tokens["20 KB"] = jwt.encode(claims(x="y" * 20_000), rsa_key, "RS256", {"kid": "rsa"})

for name, extra in {
    "admin": {"roles": ["admin"]},
    "reader": {"roles": ["reader"], "scope": "read:mail other"},
    "mailer": {"roles": ["admin"], "scp": ["read:mail", "write:mail"]},
    "user 8": {"sub": "8", "org": {"unit": {"id": 42}}},
    "no sub": {"sub": None},
    "dots sub": {"sub": ".."},
    "object sub": {"sub": {"x": 1}},
}.items():
    tokens["is " + name] = jwt.encode(claims(**extra), rsa_key, "RS256", {"kid": "rsa"})

print(json.dumps(tokens))
