//! Codes made on the client: network, TLS, outgoing HTTP, the library itself and the system (vendor header
//! dinamo.h, 2021-03-31).

statuses! {
    (ALL_LOAD_BALANCE_HSM_FAILED, -18,
     "No unit of any load balancing list answered. Check that the units run and that the list file names \
      the right addresses and ports.")
    (GETSOCKOPT_FAILED, -17,
     "The operating system refused to report a socket option. Look at the system error in the client log \
      and reconnect.")
    (SETSOCKOPT_FAILED, -16,
     "The operating system refused a socket option, such as a timeout. Check the configured timeouts and \
      the process limits.")
    (INVALID_PACKAGE_SIZE, -15,
     "A packet arrived with a length that does not fit the reply being read. Close the connection: its \
      framing can no longer be trusted.")
    (RECV_FAILED, -14,
     "Reading from the device failed or timed out. The outcome of the running operation is unknown; \
      reconnect and check before repeating it.")
    (SEND_FAILED, -13,
     "Sending to the device failed, so the request may have left incomplete. Reconnect and repeat it.")
    (CONNECT_FAILED, -12,
     "The TCP connection to the device was refused or timed out. Check the address, the port (4433 by \
      default) and any firewall between.")
    (GETHOSTNAME_FAILED, -11,
     "The device's host name could not be resolved. Check the name and the DNS settings, or use an IP \
      address.")
    (SOCKET_FAILED, -10,
     "The operating system would not create a socket. Check the process's limit on open files.")
    (SUCCESS, 0, "The operation succeeded.")
    (SSL_CTX_NEW_FAILED, 1,
     "The TLS library could not create its context. Check that the TLS library is installed whole and that \
      memory is left.")
    (SSL_NEW_FAILED, 2,
     "The TLS library could not create a connection object. Usually memory ran out; close unused sessions.")
    (SSL_CONNECT_FAILED, 3,
     "The TLS handshake with the device failed. Compare the TLS versions and cipher suites of both sides, \
      and the certificates if mutual authentication is on.")
    (SSL_GENERAL_ERROR, 4,
     "TLS failed in a way that has no code of its own. Read the client log for the TLS library's message, \
      then reconnect.")
    (CRL_GENERAL_ERROR, 101,
     "The outgoing HTTP request failed for a reason that has no code of its own. The client log has the \
      HTTP library's message.")
    (CRL_SSL_CACERT_BADFILE, 102,
     "The file of trusted authorities for the HTTP request could not be read. Check its path, permissions \
      and format.")
    (CRL_COULDNT_RESOLVE_HOST, 103,
     "The host of the HTTP request has no address. Check the URL and the DNS settings.")
    (CRL_COULDNT_CONNECT, 104,
     "The HTTP host did not accept the connection. Check the port, the route and the firewall.")
    (CRL_OPERATION_TIMEDOUT, 105,
     "The HTTP request did not finish in the time allowed. Raise the timeout, or find out why the server \
      is slow.")
    (CRL_PEER_FAILED_VERIFICATION, 106,
     "The HTTP server's certificate did not verify. Check the trust chain given to the call and the host \
      name in the URL.")
    (CRL_SSL_CONNECT_ERROR, 107,
     "The TLS handshake with the HTTP server failed. Check that it accepts the client certificate and the \
      TLS version in use.")
    (CRL_SEND_ERROR, 108,
     "The HTTP request broke off while it was being sent. Repeat it only if the server treats repeats \
      safely.")
    (CRL_RECV_ERROR, 109,
     "The HTTP answer broke off while it was being received. The server may have acted already; check \
      before repeating.")
    (CRL_SSL_CERTPROBLEM, 110,
     "The client certificate for the HTTP request could not be used. Check that it matches the private key \
      and has not expired.")
    (CRL_SSL_ISSUER_ERROR, 111,
     "The authority that signed the HTTP server's certificate failed its check. Review the chain object \
      given to the call.")
    (CRL_AUTH_ERROR, 112,
     "The HTTP library could not carry out the authentication the server asked for. Check which method the \
      server expects.")
    (CRL_GOT_NOTHING, 113,
     "The HTTP server closed the connection without an answer. Check that the URL speaks the expected \
      protocol.")
    (CRL_UNSUPPORTED_PROTOCOL, 114, "The URL's scheme is not supported. Use an https URL.")
    (CRL_URL_MALFORMAT, 115, "The URL cannot be parsed. Correct it and call again.")
    (CRL_WEIRD_SERVER_REPLY, 116,
     "The server's answer is not valid HTTP. Check that a proxy or another service is not answering in its \
      place.")
    (CRL_REMOTE_ACCESS_DENIED, 117,
     "The HTTP server denied access to the resource. Check the account's rights on the remote side.")
    (CRL_HTTP2, 118, "The HTTP/2 layer reported an error. Retry, or ask for HTTP/1.1.")
    (CRL_WRITE_ERROR, 119,
     "Received HTTP data could not be handed on. Check the memory and the buffer given for the answer.")
    (CRL_READ_ERROR, 120,
     "The HTTP request's body could not be read from the caller. Check the data and its length.")
    (CRL_HTTP_POST_ERROR, 121,
     "The HTTP POST could not be built or was refused. Check the headers and the body.")
    (CRL_ABORTED_BY_CALLBACK, 122,
     "A callback stopped the HTTP request. Nothing more was sent; call again if that was not intended.")
    (CRL_TOO_MANY_REDIRECTS, 123,
     "The HTTP server redirected too many times. Use the final address directly.")
    (CRL_SSL_CIPHER, 124,
     "The cipher chosen for the HTTP connection cannot be used. Check the cipher settings of both sides.")
    (CRL_BAD_CONTENT_ENCODING, 125,
     "The HTTP answer uses a content encoding that cannot be decoded. Call without compression, or check \
      the server.")
    (CRL_LOGIN_DENIED, 126,
     "The HTTP server refused the login. Check the credentials used for the remote service.")
    (CRL_INSTALL_SIGN_CALL_FAILED, 127,
     "The device's signing could not be hooked into the TLS client. The installed TLS library may not \
      match this client.")
    (CRL_CERT_LOAD_FAILED, 128,
     "The client certificate object for the HTTP request could not be loaded. Check its name and that it \
      holds an X.509 certificate.")
    (CRL_CHAIN_LOAD_FAILED, 129,
     "The chain of trusted certificates could not be loaded. Check the object's name and that it is a \
      PKCS#7 or X.509 object.")
    (CRL_PRIVATE_KEY_LOAD_FAILED, 130,
     "The private key for the HTTP request's client certificate could not be opened. Check its name and \
      your permission to use it.")
    (INVALID_PARAM, 1001,
     "An argument of the call is missing or outside its range. Compare every argument with the function's \
      documentation.")
    (INVALID_TYPE, 1002, "The type requested is not one this call accepts. Use one of the documented types.")
    (INVALID_STATE, 1003,
     "The call is not allowed at this point. Check the order of calls, for instance that the library was \
      initialised.")
    (LOGGING_NOT_STARTED, 1004,
     "The client log could not be started. Check that the log path exists and is writable.")
    (MORE_DATA, 1005,
     "The output does not fit the buffer given. Ask for the size with a null buffer, allocate that much \
      and call again.")
    (INVALID_RESPONSE, 1006,
     "The device answered something this call does not expect. Close the session and check that client and \
      firmware versions go together.")
    (INVALID_CONTEXT, 1007,
     "The handle is null, closed or of another kind. Use a handle from the matching open call that has not \
      been closed since.")
    (KEY_GEN_ERROR, 1008,
     "The key was not generated. Check the algorithm, the name, and whether the operating mode allows that \
      algorithm.")
    (KEY_DEL_ERROR, 1009,
     "The key was not removed. Check that it exists and that you may delete in its partition.")
    (KEY_NOT_EXISTS, 1010,
     "There is no key with that name in the partition. Check the spelling: names distinguish upper and \
      lower case.")
    (INVALID_DATA_LENGTH, 1011,
     "The data's length does not suit the operation, for instance not a whole number of blocks without \
      padding. Correct the length.")
    (INVALID_KEY_ALG, 1012,
     "The key's algorithm does not support this operation. Use a key of a suitable algorithm.")
    (INVALID_PADDING, 1013,
     "The padding is unknown, does not suit the key, or did not check after decryption. Use the padding \
      the data was made with.")
    (INVALID_KEY, 1014,
     "The key handle cannot be used for this operation. Check the key's type and that its handle is still \
      open.")
    (BAD_DATA, 1015,
     "The data is not in the form this call expects. Check its encoding and that it is complete.")
    (INVALID_PUBKEY, 1016,
     "The public key could not be decoded. Give it in the encoding the blob type names.")
    (INVALID_ALG_ID, 1017,
     "The algorithm number is not known to this call. Hash, symmetric and asymmetric numbers overlap: \
      check that it is of the right kind.")
    (INVALID_HASH, 1018,
     "The hash handle or the hash value is not valid. Create the hash again and repeat the calculation.")
    (INIT_HASH_FAILED, 1019,
     "The hash could not be started. Check the algorithm, and for a MAC also the key.")
    (INVALID_HASH_STATE, 1020,
     "The hash has already given or taken its value and accepts no more data. Create a new hash.")
    (END_HASH_FAILED, 1021, "The hash could not be finished. Create it again and repeat the calculation.")
    (GET_INFO_ERROR, 1022,
     "The information could not be read from the device. Check your permission, and that this model offers \
      it.")
    (INVALID_PIN_LEN, 1023, "The PIN is too short or too long. A backup PIN has 8 to 32 characters.")
    (OPEN_FILE_FAILED, 1025, "A local file could not be opened. Check its path and permissions.")
    (BACKUP_FAILED, 1026,
     "The backup was not completed. Discard the partial file and repeat it; the backup permission is \
      required.")
    (RESTORE_FAILED, 1027,
     "The restore was not completed. Check the PIN, the file, and that it was made under the same server \
      master key.")
    (INVALID_CALLBACK, 1028, "The callback is null or refused the data. Pass a valid function.")
    (NOT_IMPLEMENTED, 1029,
     "This client library does not implement the call or the option. Look for an alternative in the \
      documentation.")
    (AUTH_FAILED, 1030,
     "The device did not accept the credentials. Check user and password; repeated failures block the \
      user.")
    (INVALID_CLEAR_OP, 1031,
     "The operation is not allowed on a clear-text session. Open an encrypted session and repeat it.")
    (CHANGE_PWD_ERROR, 1032,
     "The password was not changed. Check the new one against the password policy, then try again.")
    (PWD_SIZE_ERROR, 1033, "The password has the wrong length: 8 to 16 characters are accepted.")
    (IMPORT_KEY_ERROR, 1034, "The key was not imported. Check the blob type, the algorithm and the data.")
    (INVALID_KEY_ID, 1035,
     "The key name is empty, too long or has forbidden characters. Up to 32 letters, digits and \
      underscores are accepted.")
    (INVALID_FLAG, 1036,
     "A flag is unknown or cannot be combined with the others. Check the flags this call documents.")
    (INVALID_SIGNATURE, 1037,
     "The signature does not match the data and the key. Check all three, the hash and the padding; if \
      they are right, do not trust the data.")
    (INVALID_PUB_KEY, 1038,
     "The public key is malformed or does not suit the operation. Import or pass it again.")
    (INVALID_KEY_STATE, 1039,
     "The key's attributes forbid the operation, for instance exporting a key made non-exportable. That \
      cannot be changed afterwards.")
    (CREATE_USER_ERROR, 1040,
     "The user was not created. Check the name (letters and digits, up to 16), the password and your \
      permission.")
    (NO_MORE_OBJECT, 1041, "The listing has ended. Stop asking for more.")
    (PUT_ENV_VAR_FAILED, 1042,
     "An environment variable could not be set. Check the variable's name and the process's memory.")
    (INVALID_FILE_SIZE, 1043,
     "The file is empty or larger than the device stores. A stored file may have up to 512 KB.")
    (INVALID_TEXT_SIZE, 1044,
     "A text is longer or shorter than its field allows. Adjust it to the documented length.")
    (FILE_ACCESS_ERROR, 1045,
     "A local file could not be read or written. Check the permissions and the free space.")
    (INVALID_COUNTER, 1046,
     "The counter given is not valid for this key or token. Use the counter of the last successful \
      operation.")
    (INVALID_MODE, 1047,
     "The cipher mode is unknown or does not suit the key. Use a mode the key's algorithm supports.")
    (INVALID_STRUCT_ID, 1048,
     "The number naming the structure is unknown. Pass the constant that belongs to the structure you \
      give.")
    (INVALID_IP_ADDRESS, 1049, "The text is not an IP address. Write it in dotted form.")
    (GET_PEER_IP_ERROR, 1050,
     "The address of the other end of the connection could not be read. The connection is probably gone; \
      reconnect.")
    (CERTIFICATE_PARSE_FAILED, 1051, "The certificate could not be decoded. Give it whole, as DER or PEM.")
    (INVALID_KEY_PART_1, 1052,
     "The first key component is invalid. Check its length, its parity and its check value.")
    (INVALID_KEY_PART_2, 1053,
     "The second key component is invalid. Check its length, its parity and its check value.")
    (INVALID_KEY_PART_3, 1054,
     "The third key component is invalid. Check its length, its parity and its check value.")
    (VERIFY_DAC_FAILED, 1055,
     "The card's data authentication code did not verify. Check the card's data and the master key used.")
    (DEPRECATED, 1056,
     "The call or the option has been withdrawn. Use the one the documentation names in its place.")
    (NO_MATCHING_KEY_FOUND, 1057,
     "No key on the device goes with the given public key or certificate. Check which partition holds it.")
    (CALLBACK_ERROR, 1058,
     "The application's callback reported failure, so the call stopped. Look for the cause in the \
      callback.")
    (INTERNAL_ERROR, 1059,
     "The client library met a condition it did not expect. Reconnect, and keep the client log if it \
      happens again.")
    (KEY_NOT_EXPORTABLE_ERROR, 1060,
     "The key was created without permission to leave the device. Make a new, exportable key if you need \
      it outside.")
    (INVALID_SPB_ID, 1062,
     "The SPB identifier is malformed. It is built from the institution's ISPB number and its domain.")
    (JSON_PARSE_ERROR, 1063, "The text is not valid JSON. Correct it and call again.")
    (JSON_PARSE_WRONG_TYPE_ERROR, 1064,
     "A JSON value has another type than expected. Compare the document with what the call expects.")
    (JSON_SET_VALUE_ERROR, 1065,
     "A value could not be set in the JSON object. Check the name and the type of the value.")
    (JSON_UNSET_VALUE_ERROR, 1066,
     "A value could not be removed from the JSON object. Check that the name exists.")
    (JSON_VALUE_NOT_FOUND, 1067,
     "The JSON document has no value with that name. Check the spelling and the level it sits at.")
    (JSON_OBJ_CREATE_ERROR, 1068, "The JSON object could not be created. Usually memory ran out.")
    (SLP_PARSE_ERROR, 1069,
     "An answer to the network search could not be understood. Another service may be answering; try a \
      narrower filter.")
    (SLP_INTERNAL_ERROR, 1070,
     "The network search failed inside the client. Check that multicast is allowed on the network \
      interface.")
    (SLP_TOO_MANY_SERVERS_ERROR, 1071,
     "The network search found more units than the client can list. Narrow the filter.")
    (INVALID_SERVER_VERSION, 1072,
     "The device's firmware does not support this call. Update the firmware, or use the older call.")
    (GENERATE_PKCS12_ERROR, 1073,
     "The PKCS#12 file could not be made. Check that key and certificate go together and that the key may \
      be exported.")
    (SET_LOAD_BALANCE_LIST_ERROR, 1074,
     "The load balancing list was refused. At most 16 lists of at most 16 units are accepted.")
    (OATH_BLOB_UPDATE, 1075,
     "The one-time password blob is in an older format. Have it updated and store the new blob in its \
      place.")
    (GZIP_DEFLATE_ERROR, 1076,
     "Compressing the data failed. Send it uncompressed, or check that it is not empty.")
    (HTTP_UNEXPECTED_STATUS_CODE, 1077,
     "The HTTP server answered with a status the call did not expect. Read the status and the body it \
      sent.")
    (BASE64_ERROR, 1078,
     "The text is not valid Base64. Check for missing characters and for the URL-safe alphabet.")
    (WSASTARTUP, 2001, "Windows would not start its socket library. Check the Winsock installation.")
    (MEMORY_ALLOC, 2002, "The client ran out of memory. Free some and try again.")
    (KEEP_ALIVE_ERROR, 3001,
     "The keep-alive message was not answered. Treat the session as lost and open a new one.")
    (RECEIVE_LOG_ERROR, 3002,
     "The log stream from the device broke off. Open a new session and ask for the log again.")
    (ERROR_NOTIFY, 3003,
     "The device sent an error notice without a code of its own. Check the device's log for the reason.")
}
