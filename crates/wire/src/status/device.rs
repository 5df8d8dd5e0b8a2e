//! Codes a device returns, 5000 to 5399: access, objects, users, certificates, XML signatures and self-tests
//! (vendor header dinamo.h, 2021-03-31).

statuses! {
    (ERR_UNKNOWN, 5000, "The device failed without a more precise code. Its log may tell why.")
    (ERR_NET_FAIL, 5001,
     "The device lost the connection while it worked. Reconnect, and check whether the operation took \
      effect.")
    (ERR_ACCESS_DENIED, 5002,
     "The user may not do this, or the login was refused. Check the credentials, the user's rights and the \
      permission on the partition.")
    (ERR_CANNOT_CREATE_OBJ, 5003,
     "The device could not create the object. Check the name, the create permission in that partition and \
      the free space.")
    (ERR_CANNOT_OPEN_OBJ, 5004,
     "The object does not exist, or you may not use it. Check its name, its partition and your \
      permissions.")
    (ERR_CANNOT_DEL_OBJ, 5005,
     "The object was not deleted. Check that it exists and that you may delete in its partition.")
    (ERR_CANNOT_ALLOC_RES, 5006,
     "The device could not reserve a resource it needed. Close idle sessions and try again.")
    (ERR_INVALID_CTX, 5007,
     "The device does not know the context the request names; it ended or belongs to another session. \
      Start it again.")
    (ERR_INVALID_OPERATION, 5008,
     "The device does not know this operation, or does not allow it now. Check the firmware version and \
      the session's state.")
    (ERR_INVALID_KEY, 5009,
     "The key does not suit this operation. Check its algorithm, size and usage profile.")
    (ERR_NO_TLS_USED, 5010,
     "The operation requires an encrypted session. Open the session with encryption and repeat it.")
    (ERR_CANNOT_CHANGE_PWD, 5011,
     "The device did not change the password. Check the password policy, and that the new one was not used \
      recently.")
    (ERR_OBJ_NOT_EXPORTABLE, 5012,
     "The object was created as not exportable, so the device will not give it out. Only a backup can \
      carry it.")
    (ERR_USR_ALREADY_EXISTS, 5013,
     "A user with that name exists. Choose another name, or remove the old user and with it all its \
      objects.")
    (ERR_INVALID_USR_NAME, 5014,
     "The user name is not acceptable. Use up to 16 letters and digits, with no other characters.")
    (ERR_CANNOT_CREATE_USR, 5015,
     "The device could not create the user. Check your permission to manage users and the free space.")
    (ERR_NO_MORE_LOG_SLOTS, 5016,
     "The limit of live log readers is reached. Close one of them and try again.")
    (ERR_CANNOT_DELETE_USR, 5017,
     "The user was not removed. Check that it exists, is not in use, and that you may manage users.")
    (ERR_CANNOT_DELETE_MASTER, 5018,
     "The master user cannot be removed. It is the factory operator and always stays.")
    (ERR_NOT_IMPLEMENTED, 5019,
     "This firmware does not implement the operation. Check the version that introduced it.")
    (ERR_USR_NOT_FOUND, 5020, "There is no user with that name. Names distinguish upper and lower case.")
    (ERR_INVALID_PAYLOAD, 5021,
     "The request's content has the wrong size or an impossible field. Compare the bytes sent with the \
      operation's layout.")
    (ERR_OBJ_ALREADY_EXISTS, 5022,
     "An object with that name exists in the partition. Choose another name, or delete the old object \
      first.")
    (ERR_INVALID_OBJ_NAME, 5023,
     "The object name is not acceptable. Use up to 32 letters, digits and underscores, with a user name \
      and a slash in front for another partition.")
    (ERR_OBJ_IN_USE, 5024, "Another operation holds the object. Wait a moment and try again.")
    (ERR_CANNOT_WRITE_BACKUP_BLOB, 5025,
     "The device could not write the backup. Check its free space and repeat the backup.")
    (ERR_CANNOT_OPEN_BACKUP_BLOB, 5026,
     "The device could not read the backup. Check that the file is whole and the PIN is right.")
    (ERR_CANNOT_RESTORE_BACKUP_BLOB, 5027,
     "The backup was read but not restored. It must come from the same server master key and the same \
      operating mode.")
    (ERR_INVALID_BACKUP_PIN_OR_LEN, 5028,
     "The backup PIN is wrong or has the wrong length. It has 8 to 32 characters.")
    (ERR_INVALID_XML_SIGNATURE, 5029,
     "The XML signature does not match the document. Do not trust the document; check it was not altered \
      on the way.")
    (ERR_INVALID_CERTIFICATE, 5030,
     "The certificate is malformed or not fit for this use. Load the right one.")
    (ERR_VERIFY_XML_FAILED, 5031,
     "The XML signature could not be checked. Make sure the document carries a signature and its \
      certificate.")
    (ERR_INVALID_XML, 5032, "The document is not well-formed XML. Correct it before signing.")
    (ERR_SIGN_XML_FAILED, 5033,
     "The XML document was not signed. Check the key, the certificate and the filter that selects the part \
      to sign.")
    (ERR_UPACK_VERIFY_FAILED, 5034,
     "The firmware update package failed its check. Download it again and confirm it is meant for this \
      model.")
    (ERR_CANNOT_TRUNCATE_LOG, 5035,
     "The device's log was not truncated. Check your permission, and that no reader holds it.")
    (ERR_CANNOT_BACKUP_OLD_LOG, 5036,
     "The old log could not be set aside, so it was kept. Free some space and truncate again.")
    (ERR_CERTIFICATE_EXPIRED, 5037,
     "The certificate's validity has ended. Renew it; if that seems wrong, check the device's clock.")
    (ERR_CERTIFICATE_FAILED, 5038,
     "The certificate failed its check for a reason that has no code of its own. Check the whole chain.")
    (ERR_CERTIFICATE_NOT_FOUND, 5039,
     "The certificate named in the request is not on the device. Import it, or correct the name.")
    (ERR_CERTIFICATE_REVOKED, 5040,
     "The revocation list names this certificate. Do not trust it; obtain a new one.")
    (ERR_CERTIFICATE_ISSUER_FAILED, 5041,
     "The certificate was not signed by the expected authority. Load the chain it really belongs to.")
    (ERR_CERTIFICATE_NOT_YET_VALID, 5042,
     "The certificate's validity has not begun. Wait, or check the device's clock.")
    (ERR_CERT_EXPIRED_SIGN_VALID, 5043,
     "The signature is good, but the certificate has expired. Decide by the date on which the document was \
      signed.")
    (ERR_CRL_EXPIRED, 5044, "The revocation list is out of date. Load a current one.")
    (ERR_INVALID_CRL_SIGN, 5045,
     "The revocation list's signature is wrong. Load one signed by the right authority.")
    (ERR_CRL_CERT_MISMATCH, 5046,
     "The revocation list comes from another authority than the certificate. Load the list that belongs to \
      it.")
    (ERR_CERT_REVOKED_LIBCLIENT_FIX1, 5047,
     "The certificate is revoked, reported in the form older client libraries understand. Treat it as \
      revoked.")
    (ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED, 5048,
     "A one-time password was sent, but the user has no token. Log in with the password alone.")
    (ERR_ACCESS_DENIED_TOKEN_NEEDED, 5049,
     "The user has a token, and the login carried no one-time password. Log in again with one.")
    (ERR_CERT_REVOKED_CRL_VAL_UNUSED, 5050,
     "The certificate is revoked; the list's own validity was not considered. Treat it as revoked.")
    (ERR_CERT_VALID_CRL_VAL_UNUSED, 5051,
     "The certificate is good and not on the list; the list's own validity was not considered. Decide \
      whether an unchecked list is enough.")
    (ERR_CANNOT_PARSE_XML, 5052,
     "The device could not parse the XML. Check the encoding and that the document is complete.")
    (ERR_CANNOT_CREATE_XML_SIG_TEMPL, 5053,
     "The signature's skeleton could not be built in the document. Check the document's root and its size.")
    (ERR_CANNOT_ADD_XML_SIG_TEMPL_REF, 5054,
     "The reference to the signed part could not be added. Check the identifier the filter selects.")
    (ERR_CANNOT_ADD_XML_SIG_TEMPL_TRANS, 5055,
     "A transform could not be added to the signature. Use one of the documented canonicalisation modes.")
    (ERR_CANNOT_ADD_XML_SIG_KEY_INFO, 5056,
     "The key information could not be added to the signature. Check the key and the document's size.")
    (ERR_CANNOT_ADD_XML_SIG_KEY_CERT, 5057,
     "The certificate could not be added to the signature. Check that it is a valid X.509 object.")
    (ERR_CANNOT_ALLOC_XML_SIG_CTX, 5058,
     "The device had no memory for an XML signature. Try again, or sign a smaller document.")
    (ERR_CANNOT_PARSE_DER_PRIV_KEY, 5059,
     "The private key is not valid DER. Check its encoding and that it belongs to the stated algorithm.")
    (ERR_XML_CANNOT_LOAD_PRIV_KEY, 5060,
     "The private key for the XML signature could not be loaded. Check its name and that it is an RSA or \
      EC key.")
    (ERR_XML_CANNOT_LOAD_CERT, 5061,
     "The certificate for the XML signature could not be loaded. Check its name and content.")
    (ERR_XML_CANNOT_CREATE_KEY_MNG, 5062,
     "The XML key manager could not be created. The device is short of memory; try again later.")
    (ERR_XML_CANNOT_INIT_KEY_MNG, 5063,
     "The XML key manager would not start. Repeat the call, and restart the service if it persists.")
    (ERR_XML_CANNOT_LOAD_TRUSTED_CERTS, 5064,
     "The trusted certificates for the XML check could not be loaded. Check the chain object's name and \
      content.")
    (ERR_XML_SIG_NODE_NOT_FOUND, 5065,
     "The XML document carries no signature. Check that the right document was sent.")
    (ERR_XML_CERT_NODE_NOT_FOUND, 5066,
     "The XML signature carries no certificate. Ask the signer to include it, or name a certificate in the \
      call.")
    (ERR_XML_CANNOT_DECODE_CERT_NODE, 5067,
     "The certificate inside the XML signature is not valid Base64. The document was damaged or wrongly \
      made.")
    (ERR_CANNOT_PARSE_DER_CERT, 5068,
     "The certificate is not valid DER. Convert it from PEM first if needed.")
    (ERR_DEPRECATED_XML_COMPRESS, 5069, "Compressed XML is no longer accepted. Send the document as it is.")
    (ERR_INVALID_CERTIFICATE_NULL_RES, 5070,
     "Reading the certificate gave nothing. Check that the object is not empty.")
    (ERR_CANNOT_RECREATE_MASTER, 5071,
     "The master user exists already and cannot be made again. Use it, or reset the device.")
    (ERR_CANNOT_CREATE_USR_STORAGE1, 5072,
     "The first step of making the user's storage failed. Check the free space and create the user again.")
    (ERR_CANNOT_CREATE_USR_STORAGE2, 5073,
     "The second step of making the user's storage failed. Remove what is left of the user, then create it \
      again.")
    (ERR_CANNOT_CREATE_USR_DEFAULT_ACL, 5074,
     "The user's initial rights could not be stored. Remove the user and create it again.")
    (ERR_CANNOT_ALLOC_CTX, 5075,
     "The device has no room for another context. Finish or close the ones that are open.")
    (ERR_CANNOT_LOAD_PRIV_KEY, 5076,
     "The private key could not be loaded for use. Check that the object really is a private key.")
    (ERR_CANNOT_DECODE_PUB_KEY, 5077,
     "The public key could not be decoded. Send it in the encoding the operation names.")
    (ERR_CANNOT_GENERATE_RND_DATA, 5078,
     "The random generator gave no data. Stop, and check the device's self-tests.")
    (ERR_CACHE_LAYER_EXHAUSTED, 5079,
     "The device's object cache is full of objects in use. Close sessions or wait, then try again.")
    (ERR_RSA_POWER_SIGN_FAILED, 5080,
     "The RSA private-key calculation failed. Check that the data is smaller than the modulus.")
    (ERR_CANNOT_GET_SYS_INFO, 5100,
     "The device could not read its own system information. Try again; if it persists, look at its log.")
    (ERR_CANNOT_ALLOC_UPACK_ID, 5101,
     "No identifier could be reserved for the update package. Finish the pending update first.")
    (ERR_CANNOT_ALLOC_UPACK_PATH, 5102,
     "No place could be reserved for the update package. Free space on the device and send it again.")
    (ERR_CANNOT_WRITE_UPACK_OBJ, 5103,
     "The update package could not be stored. Free space on the device and send it again.")
    (ERR_INVALID_CRL, 5104, "The revocation list is malformed. Load it again as DER.")
    (ERR_OPERATION_FAILED, 5105,
     "The operation failed inside the device. Check the inputs, then the device's log.")
    (ERR_GET_USR_ACL_FAILED, 5106,
     "The user's rights could not be read, so the request was refused. Check that the user still exists.")
    (ERR_INVALID_SIGNATURE, 5107,
     "The signature does not match. Check data, key, hash and padding before concluding that the data was \
      altered.")
    (ERR_CANNOT_GENERATE_SOFT_TOKEN, 5108,
     "The software token was not generated. Check the user, the token's parameters and your permission.")
    (ERR_INVALID_SECRET, 5109,
     "The secret or password that protects the data is wrong. Check it against the one used when the data \
      was made.")
    (ERR_ACCESS_DENIED_USR_BLOCKED, 5120,
     "The user is blocked, usually after too many wrong passwords. An operator must unblock it.")
    (ERR_INVALID_IMEI, 5121, "The IMEI sent does not fit its field or has bad digits. Correct it.")
    (ERR_REPLAY_DETECTED, 5122, "This one-time value was used before. Use the next one.")
    (ERR_NON_APPROVED_OPERATION, 5123,
     "The current operating mode does not approve this operation or algorithm. Use an approved one; \
      changing mode erases the device.")
    (ERR_ACCESS_DENIED_OBJ_BLOCKED, 5124, "The object is blocked. Its owner must unblock it before use.")
    (ERR_DRBG_CONTINUOUS_TEST, 5125,
     "The random generator failed its running test. Stop using the device and restart it; call support if \
      it happens again.")
    (ERR_RSA_CONTINUOUS_TEST, 5126,
     "A new RSA key pair failed its consistency test and was discarded. Generate it again; report a \
      repeat.")
    (ERR_ECC_CONTINUOUS_TEST, 5127,
     "A new elliptic-curve key pair failed its consistency test and was discarded. Generate it again; \
      report a repeat.")
    (ERR_DES_CONTINUOUS_TEST, 5128,
     "The DES implementation failed its running test. Stop using the device and restart it.")
    (ERR_AES_CONTINUOUS_TEST, 5129,
     "The AES implementation failed its running test. Stop using the device and restart it.")
    (ERR_CANNOT_UPDATE_OBJ, 5175,
     "The object was not changed. Check your update permission and whether another operation holds it.")
    (ERR_CANNOT_GET_PWD_POLICY, 5176,
     "The password policy could not be read, so the password was not judged. Try again.")
    (ERR_PWD_BLOCKED_BY_POLICY, 5177,
     "The password policy refuses this password. Make it longer, mix kinds of characters, and do not reuse \
      a recent one.")
    (ERR_PWD_EXPIRED, 5178,
     "The password has expired. The session allows one thing only: changing your own password; do that \
      next, as any other request ends the session.")
    (ERR_CERT_VALID_CRL_VAL_UNUSED_CRL_EXPIRED, 5179,
     "The certificate is good and not listed, but the list has expired and its validity was not \
      considered. Load a current list.")
    (ERR_CERT_VALID_CRL_EXPIRED, 5180,
     "The certificate is good, but the revocation list has expired. Load a current list to be sure.")
    (ERR_INVALID_CERT_SIGN, 5181,
     "The certificate's own signature is wrong. Check its authority and that it was not altered.")
    (ERR_CANNOT_LOAD_CORRUPTED_OBJ, 5200,
     "The stored object is damaged and was not loaded. Restore it from a backup or from a replica.")
    (ERR_INVALID_CERT_ISPB_MISMATCH, 5230,
     "The certificate belongs to another institution than the ISPB number given. Check both.")
    (ERR_INVALID_CA, 5231,
     "The certification authority is unknown or not accepted here. Check which authority signed the \
      certificate.")
    (ERR_DEPRECATED_FUNCTION, 5303,
     "The firmware has withdrawn this function. Use the one that took its place.")
    (ERR_SERVER_BUSY, 5304,
     "The device is too busy to take the request. Wait and try again, with growing pauses.")
    (ERR_SL_BE_BUSY, 5305, "The storage back end is busy. Wait a moment and try again.")
    (ERR_SVMK_MISMATCH, 5306,
     "The data was made under another server master key. Use a unit that has that key.")
    (ERR_INVALID_CERT_SN_MISMATCH, 5307,
     "The certificate's serial number differs from the one expected. Check which certificate is active.")
    (ERR_CANNOT_DEC_SYM_KEY, 5308,
     "The enclosed symmetric key could not be decrypted. Check that the message was meant for this private \
      key.")
    (ERR_CANNOT_REC_SYM_KEY, 5309,
     "The enclosed symmetric key could not be rebuilt. The message was damaged or made for another \
      recipient.")
}
