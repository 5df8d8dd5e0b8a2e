//! Codes a device returns, 5400 to 5703: storage, joining nodes, tokens, arithmetic, SPB and the service's state
//! (vendor header dinamo.h, 2021-03-31).

statuses! {
    (SUCCESS_CANNOT_OPEN_OBJ_AT_REPL, 5401,
     "The request succeeded here, but the object could not be opened for replication. Check that the other \
      nodes have it.")
    (ERR_CANNOT_OPEN_INVALID_OBJ_AT_REPL, 5402,
     "Replication met an object that is not valid and did not open it. Compare the nodes and restore the \
      object.")
    (ERR_CANNOT_SL_BE_CHECK_OBJ, 5500,
     "The storage back end could not check whether the object exists. Try again; if it persists, check the \
      disk.")
    (ERR_CANNOT_WRITE_AUTH_INFO_OBJ, 5501,
     "The user's authentication data was not stored. Repeat the change before relying on it.")
    (ERR_CANNOT_GEN_RSA_KEY, 5502,
     "The RSA key was not generated. Check that this mode and licence allow its size.")
    (ERR_CANNOT_GEN_ECC_CURVE, 5503,
     "The elliptic curve could not be set up. Check that the curve is supported in this mode.")
    (ERR_CANNOT_GEN_ECC_KEY, 5504,
     "The elliptic-curve key was not generated. Try again, or use another curve.")
    (ERR_CANNOT_GEN_ECC_DER, 5505,
     "The elliptic-curve data could not be encoded as DER. Check that the key is complete.")
    (ERR_CANNOT_GEN_ECC_DER_KEY, 5506,
     "The elliptic-curve key could not be encoded as DER. Check that the key is complete.")
    (ERR_CANNOT_CREATE_UNKNOWN_OBJ, 5507,
     "The object's type is unknown, so it was not created. Check the algorithm number.")
    (ERR_CANNOT_WRITE_HSM_MODE, 5508,
     "The operating mode was not stored, so the old one stays. Repeat the change from the local console.")
    (ERR_CANNOT_WRITE_LOGIN_BLOCK_INFO, 5509,
     "The count of wrong logins was not stored. Check the device's disk.")
    (ERR_CANNOT_SETUP_LIVE_SYNC_OBJ, 5510,
     "A joining node could not prepare to receive an object. Start the synchronisation again.")
    (ERR_CANNOT_CREATE_LIVE_SYNC_OBJ, 5511,
     "A joining node could not store a received object. Check its free space and synchronise again.")
    (ERR_CANNOT_OPEN_LOG, 5512, "The device could not open its log. Check the disk.")
    (ERR_COULD_NOT_OPEN_OBJ, 5513,
     "The object could not be opened from storage. Check that it was not removed meanwhile.")
    (ERR_CANNOT_EXPORT_RAW_OBJ, 5514,
     "The object cannot be given out raw. Check its type and that it is exportable.")
    (ERR_CANNOT_RENAME_OBJ, 5515, "The object was not renamed. Check that the new name is free and valid.")
    (ERR_REPLICATION_CANNOT_OPEN_OBJ, 5516,
     "Replication could not open the object it must copy. Check that the object still exists on this node.")
    (ERR_CANNOT_SETUP_LIVE_SYNC_IMG, 5517,
     "A joining node could not prepare the image of the database. Start the synchronisation again.")
    (ERR_CANNOT_LOAD_LIVE_SYNC_IMG, 5518,
     "A joining node could not load the image it received. Synchronise again from a healthy node.")
    (ERR_CANNOT_SETUP_LIVE_SYNC_DEL_USR, 5519,
     "A joining node could not prepare to remove its old users. Start the synchronisation again.")
    (ERR_CANNOT_DEL_LIVE_SYNC_USR, 5520,
     "A joining node could not remove one of its old users. End that user's sessions and synchronise \
      again.")
    (ERR_CANNOT_SETUP_LIVE_SYNC_DEL_CONFIG, 5521,
     "A joining node could not prepare to remove its old settings. Start the synchronisation again.")
    (ERR_CANNOT_DEL_LIVE_SYNC_CONFIG, 5522,
     "A joining node could not remove its old settings. Check its disk and synchronise again.")
    (ERR_CANNOT_SETUP_LIVE_SYNC_CONFIG, 5523,
     "A joining node could not prepare to receive settings. Start the synchronisation again.")
    (ERR_CANNOT_CREATE_LIVE_SYNC_CONFIG, 5524,
     "A joining node could not store the received settings. Check its disk and synchronise again.")
    (ERR_CANNOT_SETUP_LIVE_SYNC_USER, 5525,
     "A joining node could not prepare to receive a user. Start the synchronisation again.")
    (ERR_CANNOT_CREATE_LIVE_SYNC_USER, 5526,
     "A joining node could not create a received user. Check its free space and synchronise again.")
    (ERR_CANNOT_SETUP_LIVE_SYNC_ACL, 5527,
     "A joining node could not prepare to receive permissions. Start the synchronisation again.")
    (ERR_CANNOT_CREATE_LIVE_SYNC_ACL, 5528,
     "A joining node could not store received permissions. Synchronise again, and compare them with \
      another node.")
    (ERR_CANNOT_DEL_AUTH_INFO_OBJ, 5529,
     "The user's authentication data was not removed. Remove the user again.")
    (ERR_INVALID_KEY_NULL_RES, 5530,
     "Reading the key gave nothing. Check that the object holds key material.")
    (ERR_INVALID_MSG_NULL_RES, 5531, "Reading the message gave nothing. Check that it is not empty.")
    (ERR_CANNOT_GEN_SYM_KEY, 5532,
     "The symmetric key was not generated. Check the algorithm, and that this mode allows it.")
    (ERR_CANNOT_SETUP_USR_AUTH_INFO, 5533, "The user's authentication data could not be prepared. Try again.")
    (ERR_CANNOT_BIND_USR_AUTH_INFO, 5534,
     "The token or certificate was not bound to the user. Check that the user exists and that the data is \
      valid.")
    (ERR_CANNOT_GET_CERT_SN, 5535,
     "The certificate's serial number could not be read. Check the certificate.")
    (ERR_CANNOT_GET_CERT_ISPB, 5536,
     "The certificate carries no readable ISPB number. Check that it is an SPB certificate.")
    (ERR_INVALID_HASH, 5537,
     "The hash value or the hash algorithm is not acceptable. Check that the value's length fits the \
      algorithm.")
    (ERR_INVALID_SIG_LEN, 5538,
     "The signature's length does not fit the key. Check that it is whole and that the key is the right \
      one.")
    (ERR_INVALID_PUBKEY_LEN, 5539, "The public key's length is out of range. Check its encoding.")
    (ERR_INVALID_PSKC_XML, 5540,
     "The token file is not valid PSKC. Ask the token's supplier for a correct file.")
    (ERR_CANNOT_FIND_PSKC_XML_NODE, 5541,
     "The PSKC file lacks an element the device needs. Compare it with RFC 6030.")
    (ERR_CANNOT_FIND_PSKC_XML_ATTR, 5542,
     "The PSKC file lacks an attribute the device needs. Compare it with RFC 6030.")
    (ERR_INVALID_PSKC_KEY_DERIVATION, 5543,
     "The PSKC file uses a key derivation the device does not know. PBKDF2 is the usual one.")
    (ERR_INVALID_PSKC_KEY_DERIVATION_IT, 5544,
     "The PSKC file's iteration count is not acceptable. Ask for a file with another count.")
    (ERR_INVALID_PSKC_KEY_DERIVATION_LEN, 5545,
     "The PSKC file's derived key length is not acceptable. It must suit the cipher that protects the \
      file.")
    (ERR_INVALID_PSKC_KEY_DERIVATION_SALT_LEN, 5546,
     "The PSKC file's salt has an unacceptable length. Ask for a file with another salt.")
    (ERR_PSKC_KEY_DERIVATION_FAILED, 5547, "The PSKC file's key could not be derived. Check the password.")
    (ERR_INVALID_PSKC_KEY_ALG, 5548,
     "The PSKC file is for a token algorithm the device does not know. HOTP and TOTP are the usual ones.")
    (ERR_INVALID_PSKC_KEY_METHOD, 5549,
     "The PSKC file is protected by an encryption method the device does not know. Ask for another method.")
    (ERR_INVALID_OATH_EPOCH, 5550,
     "The token's starting time is not acceptable. Zero, the Unix epoch, is the default.")
    (ERR_INVALID_OATH_TIMESTEP, 5551, "The token's time step is not acceptable. 30 seconds is the default.")
    (ERR_INVALID_OATH_DRIFT, 5552, "The token's clock drift is out of range. Resynchronise the token.")
    (ERR_INVALID_PSKC_SECRET_LEN, 5553,
     "The token's secret has an unacceptable length. 20, 32 and 64 bytes are accepted.")
    (ERR_UNKNOWN_PADDING_TYPE, 5554,
     "The padding number is unknown. The signature operations number paddings differently from the \
      encryption ones.")
    (ERR_DATA_TOO_LARGE_FOR_MODULUS, 5555,
     "The data, read as a number, is not below the RSA modulus. Hash or shorten it.")
    (ERR_DATA_GREATER_THAN_MODULUS_LEN, 5556,
     "The data has more bytes than the RSA modulus. Check that it belongs to this key.")
    (ERR_PADDING_CHECK_FAILED, 5557,
     "The padding found after decryption is wrong. The key, the padding or the data is not the one it was \
      made with.")
    (ERR_DATA_TOO_LARGE_FOR_KEY_SIZE, 5558,
     "The data does not fit the key together with its padding. Use a larger key or less data.")
    (ERR_DATA_TOO_SMALL_FOR_KEY_SIZE, 5559,
     "The data is shorter than this key requires. Without padding it must fill the modulus.")
    (ERR_INVALID_TYPE1_PADDING, 5560,
     "The block is not PKCS#1 type 1. It was probably not made with the matching private key.")
    (ERR_INVALID_TYPE2_PADDING, 5561,
     "The block is not PKCS#1 type 2. It was probably not made for this key.")
    (ERR_BAD_FIXED_HDR_PADDING, 5562,
     "The fixed bytes that begin the padding are wrong. Check the key and the padding.")
    (ERR_MISSING_NULL_PADDING, 5563,
     "The zero byte that ends the padding is missing. Check the key and the padding.")
    (ERR_BAD_PAD_BYTE_COUNT, 5564,
     "The padding has an impossible number of bytes. Check the key and the padding.")
    (ERR_DATA_TOO_LARGE_FOR_PADDING, 5565,
     "The data leaves no room for the padding. RSA with PKCS#1 padding takes up to the key's length less \
      11 bytes.")
    (ERR_BN_NO_INVERSE, 5566,
     "A modular inverse does not exist for these numbers. The key or its parameters are wrong.")
    (ERR_STATIC_BN_CANNOT_EXPAND, 5567, "A number outgrew its fixed space. Use a smaller key or less data.")
    (ERR_BN_IS_NOT_PRIME, 5568, "A number that must be prime is not. The imported key is wrong.")
    (ERR_TOO_MANY_BN_ITERATIONS, 5569,
     "A search over large numbers took too many attempts. Repeat it; if it recurs, the parameters are \
      wrong.")
    (ERR_BN_IS_NOT_A_SQUARE, 5570,
     "A square root does not exist: the point is not on the curve. Check the public key.")
    (ERR_BN_DIV_BY_ZERO, 5571,
     "A calculation met a division by zero. The key holds a zero where none may be.")
    (ERR_BN_NOT_INITIALIZED, 5572,
     "A calculation used a number that was never set. The key is incomplete; import it again.")
    (ERR_BN_INVALID_RANGE, 5573,
     "A random number was asked for from an impossible range. Check the key's parameters.")
    (ERR_BN_BAD_RECIPROCAL, 5574,
     "A division by reciprocal went wrong. Repeat the operation, and check the key's modulus.")
    (ERR_BN_CALLED_WITH_EVEN_MODULUS, 5575,
     "The modulus is even, which no valid key has. Check the imported key.")
    (ERR_BN_INPUT_NOT_REDUCED, 5576,
     "A number was not reduced below the modulus. Check the data and the key.")
    (ERR_BN_TOO_MANY_TMP_VARIABLES, 5577,
     "A calculation needed more temporary numbers than there are. Use a smaller key.")
    (ERR_BN_INVALID_LEN, 5578, "A large number has an impossible length. Check the key's encoding.")
    (ERR_BN_ENCODING_ERROR, 5579, "A large number could not be encoded or decoded. Check the key's encoding.")
    (ERR_INVALID_PUBLIC_EXP, 5580, "The RSA public exponent is not acceptable. Use 65537.")
    (ERR_INVALID_SPB_HDR_LEN, 5581, "The SPB security header has the wrong length. It has 588 bytes.")
    (ERR_INVALID_SPB_HDR_VER, 5582,
     "The SPB security header names an unknown version. Check with the sender which protocol version is in \
      use.")
    (ERR_INVALID_SPB_HDR_SPECIAL_TREATMENT, 5583,
     "The SPB security header has an unknown special-treatment value. Have the sender correct it.")
    (ERR_INVALID_SPB_HDR_R0, 5584,
     "A reserved field of the SPB security header is not zero. Have the sender clear it.")
    (ERR_INVALID_SPB_HDR_DST_ASYM_ALG, 5585,
     "The SPB security header names an unknown asymmetric algorithm for the recipient. Have the sender \
      correct it.")
    (ERR_INVALID_SPB_HDR_DST_SYM_ALG, 5586,
     "The SPB security header names an unknown symmetric algorithm. Have the sender correct it.")
    (ERR_INVALID_SPB_HDR_SIGN_KEY_TYPE, 5587,
     "The SPB security header names an unknown kind of signing key. Have the sender correct it.")
    (ERR_INVALID_SPB_HDR_DST_CA, 5588,
     "The SPB security header names an unknown authority for the recipient's certificate. Check which \
      certificate the sender uses for you.")
    (ERR_INVALID_SPB_HDR_SIGN_CA, 5589,
     "The SPB security header names an unknown authority for the signer's certificate. Load the sender's \
      certificate.")
    (ERR_INVALID_SIGN_CERT_SN_MISMATCH, 5590,
     "The SPB message was signed with another certificate than the active one. Activate the sender's \
      current certificate.")
    (ERR_INVALID_DST_CERT_SN_MISMATCH, 5591,
     "The SPB message was made for another of your certificates. Ask the sender to use the current one.")
    (ERR_INVALID_SPB_MSG_LEN, 5592, "The SPB message's length is wrong. Check that it arrived whole.")
    (ERR_CANNOT_PARSE_JSON, 5593,
     "The device could not parse the JSON it was given. Correct it and send it again.")
    (ERR_INVALID_SPB_CHARSET_SIG_OK, 5594,
     "The SPB message's characters are not as required, though its signature is good. Ask the sender to \
      correct the encoding.")
    (ERR_JSON_MORE_DATA, 5595, "The JSON is larger than the space given. Call again with more room.")
    (ERR_CANNOT_VIRTUALIZE_JSON, 5596,
     "The device could not build its working copy of a JSON setting. Check the setting's names.")
    (ERR_CANNOT_CHANGE_OEM_JSON, 5597,
     "The factory settings cannot be changed. Change the user's copy of the setting.")
    (ERR_CANNOT_MERGE_JSON, 5598,
     "The new settings could not be merged with the present ones. Check that their types agree.")
    (ERR_INVALID_SPB_CHARSET, 5599,
     "The SPB message's characters are not as required. Check the encoding before it is sealed.")
    (ERR_CANNOT_GET_JSON, 5600, "The requested setting could not be read. Check its name.")
    (ERR_INVALID_SPB_CHARSET_SIG_ERR, 5601,
     "The SPB message's characters are not as required and its signature is wrong. Reject the message.")
    (ERR_INVALID_SPB_DOMAIN, 5602, "The SPB domain is not acceptable. It has up to 5 characters.")
    (ERR_SERVER_STARTED, 5700,
     "The service is running, and this needs it stopped. Stop it from the local console first.")
    (ERR_HSM_AUTO_TEST_FAILURE, 5701,
     "The device failed its self-test and gives no service. Restart it; call support if it fails again.")
    (ERR_SERVER_NOT_STARTED, 5702,
     "The service is not running, usually because the server master key is not active. Activate it with \
      its cards at the console.")
    (ERR_UNAPPROVED_TSP_OPERATION, 5703,
     "A key reserved for time-stamping was used for something else. Use another key.")
}
