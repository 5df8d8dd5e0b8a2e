#!/bin/sh
# Makes the files of this folder anew with OpenSSL 3 (they were made with 3.0.19). The keys protect nothing.
set -eu
cd "$(dirname "$0")"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem
openssl pkcs8 -topk8 -nocrypt -in rsa.pem -outform DER -out rsa1024.pkcs8.der
openssl rsa -in rsa.pem -traditional -outform DER -out rsa1024.pkcs1.der
openssl pkey -in rsa.pem -pubout -outform DER -out rsa1024.spki.der
rm rsa.pem
openssl genpkey -algorithm ed25519 -outform DER -out ed25519.pkcs8.der
openssl genpkey -algorithm x25519 -outform DER -out x25519.pkcs8.der
for curve in secp224r1 prime256v1 secp384r1 secp521r1 secp256k1; do
  openssl ecparam -name $curve -genkey -noout -outform DER -out $curve.sec1.der
  openssl pkcs8 -topk8 -nocrypt -inform DER -in $curve.sec1.der -outform DER -out $curve.pkcs8.der
  openssl ec -inform DER -in $curve.sec1.der -pubout -outform DER -out $curve.spki.der
done
dn='/C=BR/ST=Sao Paulo/O=Banco X\/Y/OU=ISPB-00000000/CN=á.example/serialNumber=1234/emailAddress=a@b.example/DC=com/UID=u1/GN=G/SN=S/title=T'
for hash in sha1 sha256 sha512 sha3-256; do
  openssl req -new -utf8 -key rsa1024.pkcs8.der -keyform DER -subj "$dn" -$hash -outform DER -out req-rsa-$hash.der
done
openssl req -new -utf8 -key ed25519.pkcs8.der -keyform DER -subj "$dn" -outform DER -out req-ed25519.der
envelope() {
  openssl pkcs8 -topk8 -inform DER -in ed25519.pkcs8.der -outform DER -v2 $1 -v2prf $2 -passout pass:password1 -out envelope-$1.der
}
envelope aes-256-cbc hmacWithSHA256
envelope aes-128-cbc hmacWithSHA512
envelope aes-192-cbc hmacWithSHA384
envelope des3 hmacWithSHA1
sign() {
  printf message | openssl dgst -$1 -binary > digest
  openssl pkeyutl -sign -inkey rsa1024.pkcs8.der -keyform DER -in digest -pkeyopt digest:$1 -pkeyopt rsa_padding_mode:$2 -out $2-$1.sig
  rm digest
}
for hash in sha1 sha256 sha384 sha512; do sign $hash x931; done
for hash in md5 sha1 sha224 sha256 sha384 sha512 sha3-224 sha3-256 sha3-384 sha3-512; do sign $hash pkcs1; done
chmod 644 ./*
chmod 755 make.sh
