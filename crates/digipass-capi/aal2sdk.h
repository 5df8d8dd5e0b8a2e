/*
 * aal2sdk.h: the C interface of libaal2sdk.so, Bancada's stand-in for the AAL2 SDK.
 *
 * Names, parameters and sizes follow the vendor's public documentation; this file, its comments and the library behind it are ours.
 * The algorithm is public (RFC 4226, 6238, 6287), so BLOBs and tokens of the vendor's library do not work here, nor ours there.
 *
 * Rules for every function:
 *   - A text ends at a zero byte or fills the width given with its parameter; spaces at its end do not count. No more than
 *     the width is read.
 *   - Vectors, messages and bodies are hexadecimal and end at the first space too, so their fields may be narrower than the width.
 *   - A BLOB is 248 bytes and must be stored after every call, whatever the result.
 *   - An output text is written with a zero byte behind it, and only when the call succeeds. A null pointer means that an optional
 *     output is not wanted. A length beside it is in: the size of the place (1 up to the size recommended here; anything
 *     else stands for that size), and out: the length of the text.
 *   - CallParms may be null: all defaults.
 *   - ICSF functions take BLOBs that a named key in an HSM seals. aStorageKeyNameIn: width 65. aInitialVectorIn: 16 hexadecimal
 *     characters, width 17; null or empty for zeros.
 *   - 0 is success; 10001 to 10007 are successes with a warning. AAL2GetErrorMsg explains every number.
 *
 * Environment variables, read at every call: BANCADA_DIGIPASS_TIME fixes the time (seconds since 1970, or RFC 3339).
 * BANCADA_DIGIPASS_TRACE names a file that gets a line per call. For ICSF functions, BANCADA_DIGIPASS_HSM (host:port),
 * BANCADA_DIGIPASS_HSM_USER, BANCADA_DIGIPASS_HSM_PASSWORD and BANCADA_DIGIPASS_HSM_CERTIFICATE (a file, `any` or `none`) tell
 * which HSM has the keys; without them, BANCADA_DIGIPASS_KEYS names a file of keys (lines of name, algorithm, hexadecimal value).
 */
#ifndef BANCADA_AAL2SDK_H
#define BANCADA_AAL2SDK_H

#ifdef __cplusplus
extern "C" {
#endif

typedef char aat_ascii;
typedef unsigned char aat_byte;
typedef short aat_int16;
typedef unsigned short aat_uint16;
/* Always 4 bytes, on every platform. */
typedef int aat_int32;
typedef unsigned int aat_word32;

/* The BLOB of one application of one authenticator. */
typedef struct {
    aat_ascii Serial[10];  /* not terminated */
    aat_ascii AppName[12]; /* filled with spaces, not terminated */
    aat_byte DPFlags[2];   /* part of the state */
    aat_ascii Blob[224];   /* Base64, not terminated */
} TDigipassBlob;

/* The kernel parameters. Only the first ParmCount fields behind ParmCount are read: 19 up to version 3.22, 23 since 4.0. A value
 * out of its range counts as the default. */
typedef struct {
    aat_int32 ParmCount;
    aat_int32 ITimeWindow;    /* 2..1000 time steps, 100; | AAL2_TW_DYNAMIC_WINDOWS */
    aat_int32 STimeWindow;    /* 2..500 time steps, 24; | AAL2_TW_DYNAMIC_WINDOWS */
    aat_int32 DiagLevel;      /* not used */
    aat_int32 GMTAdjust;      /* seconds, up to 14 hours either way, 0 */
    aat_int32 CheckChallenge; /* 0..4, 1 */
    aat_int32 IThreshold;     /* wrong passwords in a row, 0 (off) */
    aat_int32 SThreshold;     /* wrong signatures in a row, 0 (off) */
    aat_int32 ChkInactDays;   /* 0 (off)..1024 days, 0 */
    aat_int32 DeriveVector;   /* diversifies the software key, 0 */
    aat_int32 SyncWindow;     /* 1..60 hours, 6; | AAL2_SW_UNIT_MINUTE, AAL2_SW_DISCRETE */
    aat_int32 OnLineSG;       /* 0..3, 0 */
    aat_int32 EventWindow;    /* 10..1000 events, 100 */
    aat_int32 HSMSlotId;      /* not used */
    aat_int32 StorageKeyId;   /* not used */
    aat_int32 TransportKeyId; /* not used */
    aat_int32 StorageDeriveKey1; /* 1 to 8 diversify the software key, 0 */
    aat_int32 StorageDeriveKey2;
    aat_int32 StorageDeriveKey3;
    aat_int32 StorageDeriveKey4;
    aat_int32 StorageDeriveKey5;
    aat_int32 StorageDeriveKey6;
    aat_int32 StorageDeriveKey7;
    aat_int32 StorageDeriveKey8;
} TKernelParms;

#define AAL2_TW_DYNAMIC_WINDOWS 0x70000000
#define AAL2_SW_UNIT_MINUTE 0x70000000
#define AAL2_SW_DISCRETE 0x01000000

/* What AAL2GetTokenInfo tells. Each ends with a zero byte. */
typedef struct {
    aat_ascii TokenModel[6];
    aat_ascii UseCount[7];
    aat_ascii LastTimeUsed[25];
    aat_ascii LastTimeShift[7];
    aat_ascii ErrorCount[4];
    aat_ascii CodeWord[9];
    aat_ascii TripleDes[4];
    aat_ascii MaxInputFields[2];
    aat_ascii ResponseLength[3];
    aat_ascii ResponseType[4];
    aat_ascii ResponseChecksum[4];
    aat_ascii TimeStepUsed[7];
} TDigipassInfo;

/* A property asked for by its number. */
typedef struct {
    aat_word32 Type;       /* in: the property */
    aat_uint16 Size;       /* out: bytes of the value, without the zero byte behind a text */
    aat_uint16 AllocatedSize; /* in: bytes of the place */
    aat_byte *Value;       /* the place */
} TData;

/* A handle of an import; only the library understands it. */
typedef struct {
    void *Context;
    void *Data;
} TDPXHandle;

/* ---- The library and its messages ---- */

/* Version, word size in bits and type; each place 16 bytes. */
aat_int32 AAL2GetLibraryVersion(aat_ascii *Version, aat_int32 *VersionLength, aat_ascii *Bitness,
                                aat_int32 *BitnessLength, aat_ascii *Type, aat_int32 *TypeLength);
/* The sentence for a return code; the place has 100 bytes and is given back. */
aat_ascii *AAL2GetErrorMsg(aat_int32 errorNum, aat_ascii *szBuffer);
aat_ascii *AAL2DPXGetErrorMsg(aat_int32 errorNum, aat_ascii *szBuffer);
/* What encrypted a BLOB, without its key: 3 bytes, of which the first is for software and the second for an HSM: A (AES), B (triple
 * DES) or 0 (none). */
aat_int32 AAL2GetBlobInfo(TDigipassBlob *DPData, aat_ascii *BlobInfo);

/* ---- One-time passwords ---- */

/* Password: width 42. Challenge: width 17, null or empty for none. */
aat_int32 AAL2VerifyPassword(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Password, aat_ascii *Challenge);
/* ReturnHostCode: 17 bytes. */
aat_int32 AAL2VerifyPasswordEx(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Password, aat_ascii *Challenge,
                               aat_ascii *ReturnHostCode, aat_int32 *ReturnHostCodeLength);
aat_int32 AAL2VerifyPasswordICSF(TDigipassBlob *DPBlob, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                 aat_ascii *aInitialVectorIn, aat_ascii *aResponseIn, aat_ascii *aChallengeIn,
                                 aat_ascii *ReturnHostCode, aat_int32 *ReturnHostCodeLength);
/* Virtual tokens only. Password: 18 bytes. */
aat_int32 AAL2GenPassword(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Password, aat_ascii *Challenge);
/* ReturnHostCode: 17 bytes. */
aat_int32 AAL2GenPasswordEx(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Password, aat_ascii *Challenge,
                            aat_ascii *ReturnHostCode, aat_int32 *ReturnHostCodeLength);
/* Challenge: 17 bytes. ChallengeLength: not null. */
aat_int32 AAL2GenerateChallenge(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Challenge,
                                aat_int32 *ChallengeLength);
/* ChallengeMessage: 100 bytes. */
aat_int32 AAL2GenerateChallengeEx(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Challenge,
                                  aat_int32 *ChallengeLength, aat_ascii *ChallengeMessage);
/* Passwords: width 42. Challenges: width 17, null or empty for none. */
aat_int32 AAL2SyncTokenAndHost(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Password1,
                               aat_ascii *Challenge1, aat_ascii *Password2, aat_ascii *Challenge2);

/* ---- Signatures ---- */

/* Signature: width 17. FieldCount fields of width 20 are read. DeferredSignatureData:
 * what the device's clock showed, in seconds since 1970, or an event; 0 for now, and always 0 with OnLineSG 1 and 2. */
aat_int32 AAL2VerifySignature(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Signature,
                              aat_ascii SignedDataFields[8][20], aat_int32 FieldCount, aat_int32 DeferredSignatureData);
/* ConfirmationCode: 17 bytes. */
aat_int32 AAL2VerifySignatureEx(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Signature,
                                aat_ascii SignedDataFields[8][20], aat_int32 FieldCount,
                                aat_int32 DeferredSignatureData, aat_ascii *ConfirmationCode,
                                aat_int32 *ConfirmationCodeLength);

aat_int32 AAL2VerifySignatureICSF(TDigipassBlob *DPBlob, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                  aat_ascii *aInitialVectorIn, aat_ascii *aSignatureIn,
                                  aat_ascii aSignedDataFieldsIn[8][20], aat_int32 FieldCountIn,
                                  aat_int32 DeferredSignatureDataIn, aat_ascii *ConfirmationCode,
                                  aat_int32 *ConfirmationCodeLength);
/* Primary virtual tokens only. Signature: 18 bytes. */
aat_int32 AAL2GenSignature(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Signature,
                           aat_ascii SignedDataFields[8][20], aat_int32 FieldCount, aat_int32 DeferredSignatureDate);
/* ConfirmationCode: 17 bytes. */
aat_int32 AAL2GenSignatureEx(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *Signature,
                             aat_ascii SignedDataFields[8][20], aat_int32 FieldCount, aat_int32 DeferredSignatureDate,
                             aat_ascii *ConfirmationCode, aat_int32 *ConfirmationCodeLength);

/* ---- Administration ---- */

/* Value: 65 bytes; with INT_VALUE added to the property, an aat_int32. */
aat_int32 AAL2GetTokenProperty(TDigipassBlob *DPData, TKernelParms *CallParms, aat_int32 Property, aat_ascii *Value);
aat_int32 AAL2SetTokenProperty(TDigipassBlob *DPData, TKernelParms *CallParms, aat_int32 Property, aat_int32 Value);
/* Neither DPInfo nor its Value is null. */
aat_int32 AAL2GetTokenSingleInfo(TDigipassBlob *DPData, TKernelParms *CallParms, TData *DPInfo);
aat_int32 AAL2GetTokenInfo(TDigipassBlob *DPData, TKernelParms *CallParms, TDigipassInfo *DPInfo);
aat_int32 AAL2ResetTokenInfo(TDigipassBlob *DPData, TKernelParms *CallParms);
/* Static PINs: width 9. */
aat_int32 AAL2ChangeStaticPassword(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *StaticPassword1,
                                   aat_ascii *StaticPassword2);
aat_int32 AAL2ChangeStaticPasswordICSF(TDigipassBlob *DPBlob, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                       aat_ascii *aInitialVectorIn, aat_ascii *NewStaticPassword1,
                                       aat_ascii *NewStaticPassword2);
aat_int32 AAL2ResetStaticPassword(TDigipassBlob *DPData, TKernelParms *CallParms);
/* Appl_Count of the eight pointers are read, none of which may be null. */
aat_int32 AAL2SyncTokenBlob(TDigipassBlob *DPData[8], aat_int16 Appl_Count, TKernelParms *CallParms);
/* RandomNumber and aUnlockAuthCode: width 9. UnlockCode and UnlockAuthCode: 9 bytes. UnlockAuthIndex: 0 to 5. UnlockAuthCounter may be null. */
aat_int32 AAL2Unlock(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *RandomNumber, aat_ascii *UnlockCode);
aat_int32 AAL2GenUnlockAuthCode(TDigipassBlob *DPData, TKernelParms *CallParms, aat_int32 UnlockAuthIndex,
                                aat_ascii *UnlockAuthCode, aat_int32 *UnlockAuthCounter);
aat_int32 AAL2GenUnlockAuthCodeICSF(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                    aat_ascii *aInitialVectorIn, aat_int32 UnlockAuthIndex, aat_ascii *UnlockAuthCode,
                                    aat_int32 *UnlockAuthCounter);
aat_int32 AAL2AuthorizeUnlock(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *aUnlockAuthCode,
                              aat_ascii *RandomNumber, aat_ascii *UnlockCode);
aat_int32 AAL2AuthorizeUnlockICSF(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                  aat_ascii *aInitialVectorIn, aat_ascii *aUnlockAuthCode, aat_ascii *RandomNumber,
                                  aat_ascii *UnlockCode);
/* CallParms holds the values the BLOB is sealed under now. */
aat_int32 AAL2MigrateBlob(TDigipassBlob *DPData, TKernelParms *CallParms, aat_int32 DeriveVector,
                          aat_int32 StorageDeriveKey1, aat_int32 StorageDeriveKey2, aat_int32 StorageDeriveKey3,
                          aat_int32 StorageDeriveKey4);
aat_int32 AAL2MigrateBlobEx(TDigipassBlob *DPData, TKernelParms *CallParms, aat_int32 DeriveVector,
                            aat_int32 StorageDeriveKey1, aat_int32 StorageDeriveKey2, aat_int32 StorageDeriveKey3,
                            aat_int32 StorageDeriveKey4, aat_int32 StorageDeriveKey5, aat_int32 StorageDeriveKey6,
                            aat_int32 StorageDeriveKey7, aat_int32 StorageDeriveKey8);
/* The old name is null or empty for a BLOB sealed in software. */
aat_int32 AAL2MigrateBlobICSF(TDigipassBlob *DPBlob, TKernelParms *CallParms, aat_ascii *aOldStorageKeyName,
                              aat_ascii *aOldInitialVector, aat_ascii *aNewStorageKeyName,
                              aat_ascii *aNewInitialVector);

/* Properties. Numbers from 0x101 on are ours: the vendor's names are public and their numbers are not. */
#define TOKEN_MODEL 1
#define USE_COUNT 2
#define LAST_TIME_USED 3
#define LAST_TIME_SHIFT 4
#define TIME_BASED_ALGO 5
#define PIN_SUPPORTED 6
#define UNLOCK_SUPPORTED 7
#define PIN_CH_ON 8
#define PIN_CH_FORCED 9
#define PIN_LEN 10
#define PIN_MIN_LEN 11
#define VIRTUAL_TOKEN_GRACE_PERIOD 12
#define VIRTUAL_TOKEN_REMAIN_USE 13
#define TOKEN_STATUS 14
#define VIRTUAL_TOKEN_TYPE 15
#define LAST_RESPONSE_TYPE 16
#define ERROR_COUNT 17
#define EVENT_VALUE 18
#define SYNC_WINDOWS 19
#define LAST_EVENT_VALUE 20
#define PIN_ENABLED 21
#define EVENT_BASED_ALGO 22
#define STRONG_HOST_CODE_APP 27
#define CODE_WORD 28
#define AUTH_MODE 29
#define VIRTUAL_TOKEN_SUPPORTED 0x20
#define VIRTUAL_TOKEN_ENABLED 0x40
#define PRIMARY_TOKEN_ENABLED 0x80
#define DERIVATION_SUPPORTED 0x101
#define OCRA_SUITE 0x102
#define MAX_DTF_NUMBER 0x103
#define RESPONSE_LEN 0x104
#define RESPONSE_FORMAT 0x105
#define RESPONSE_CHK 0x106
#define TIME_STEP 0x107
#define TRIPLE_DES_USED 0x108
#define SECURE_CHANNEL_MSG_SIG_SUPPORTED 0x109
#define HOST_CODE_LEN 0x10a
#define SEQUENCE_NUMBER 0x10b
#define DERIVED 0x10c
#define SCORE_SUPPORTED 0x10d
/* n is 1 to 10. */
#define DTF_MIN_LEN(n) (0x110 + (n))
#define DTF_MAX_LEN(n) (0x120 + (n))
#define DTF_CHK(n) (0x130 + (n))
#define INT_VALUE 0x00010000

/* ---- Binding to a device ---- */

/* Appl_Count of the eight pointers are read; unused ones behind the last BLOB are null. Derivationcode: width 27.
 * DerivationCodeFormat: 0 decimal, 1 hexadecimal. */
aat_int32 AAL2DeriveTokenBlobs(TDigipassBlob *DPData[8], TKernelParms *CallParms, aat_int16 Appl_Count,
                               aat_ascii *Challenge, aat_ascii *Derivationcode, aat_word32 DerivationCodeFormat);
aat_int32 AAL2DeriveTokenBlobsICSF(TDigipassBlob *DPData[8], aat_int16 Appl_Count, TKernelParms *CallParms,
                                   aat_ascii *aStorageKeyNameIn, aat_ascii *aInitialVectorIn, aat_ascii *Challenge,
                                   aat_ascii *Derivationcode, aat_word32 DerivationCodeFormat);

/* ---- Activation in one step ---- */

/* aStaticVectorIn: width 4095. aSharedData, aAlea: width 513, null for none. aSerialNumberSuffix: 15 bytes; the last seven
 * characters of the serial number as hexadecimal, so that 0000001 is 30303030303031. aXFAD: 4143 bytes.
 * aXERC: 1 byte, always empty, null if not wanted. ActivationFlags: null or anything; they change nothing. */
/* Callers pass it by name; the vendor's number is not public, so this one is ours. */
#define ACTV_OFFLINE 1
aat_int32 AAL2GenActivationCodeXErc(TDigipassBlob *DPData[8], aat_int16 Appl_Count, TKernelParms *CallParms,
                                    aat_ascii *aStaticVectorIn, aat_ascii *aSharedData, aat_ascii *aAlea,
                                    aat_int32 *ActivationFlags, aat_ascii *aSerialNumberSuffix, aat_ascii *aXFAD,
                                    aat_ascii *aXERC);

/* ---- Activation in two steps: multi-device licences. MessageVector: width 27. ActivationVector: width 27. ---- */

/* Activation1Message: 1071 bytes. */
aat_int32 AAL2GenMessageActivation1(TDigipassBlob *DPMAData, TKernelParms *CallParms, aat_ascii *Challenge,
                                    aat_ascii *StaticVector, aat_ascii *MessageVector, aat_ascii *ActivationVector,
                                    aat_ascii *Activation1Message, aat_int32 *Activation1MessageLength);
aat_int32 AAL2GenMessageActivation1ICSF(TDigipassBlob *DPMAData, TKernelParms *CallParms,
                                        aat_ascii *aStorageKeyNameIn, aat_ascii *aInitialVectorIn,
                                        aat_ascii *Challenge, aat_ascii *StaticVector, aat_ascii *MessageVector,
                                        aat_ascii *ActivationVector, aat_ascii *Activation1Message,
                                        aat_int32 *Activation1MessageLength);
/* DeviceCode: width 27. DeviceID: 27 bytes. */
aat_int32 AAL2VerifyDeviceCode(TDigipassBlob *DPMAData, TKernelParms *CallParms, aat_ascii *Challenge,
                               aat_ascii *DeviceCode, aat_ascii *DeviceID, aat_int32 *DeviceIDLength,
                               aat_int32 *pDeviceType);
aat_int32 AAL2VerifyDeviceCodeICSF(TDigipassBlob *DPMAData, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                   aat_ascii *aInitialVectorIn, aat_ascii *Challenge, aat_ascii *DeviceCode,
                                   aat_ascii *DeviceID, aat_int32 *DeviceIDLength, aat_int32 *pDeviceType);
/* PKBlob: width 89, null or empty without Secure Channel. Appl_count: in, room for so many (1 to 8; anything else stands for 8).
 * Activation2Message: 109 bytes. */
aat_int32 AAL2GenMessageActivation2(TDigipassBlob *DPMAData, aat_ascii *PKBlob, TKernelParms *CallParms,
                                    aat_ascii *StaticVector, aat_ascii *MessageVector, aat_ascii *DeviceID,
                                    aat_int32 *pSeqNum, aat_ascii TokenType[6], aat_int16 *Appl_count,
                                    aat_ascii Serial_Appli[8][23], aat_ascii AuthMode[8][3], TDigipassBlob DPData[8],
                                    aat_ascii *Activation2Message, aat_int32 *Activation2MessageLength);
aat_int32 AAL2GenMessageActivation2ICSF(TDigipassBlob *DPMAData, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                        aat_ascii *aInitialVectorIn, aat_ascii *PKBlob, aat_ascii *StaticVector,
                                        aat_ascii *MessageVector, aat_ascii *DeviceID, aat_int32 *pSeqNum,
                                        aat_ascii TokenType[6], aat_int16 *Appl_count, aat_ascii Serial_Appli[8][23],
                                        aat_ascii AuthMode[8][3], TDigipassBlob DPData[8],
                                        aat_ascii *Activation2Message, aat_int32 *Activation2MessageLength);

/* ---- Secure Channel. PKBlob: width 89, or 89 bytes. Messages: hexadecimal, width 1071, or 1071 bytes. ---- */

aat_int32 AAL2GenPayloadKeyBlob(TDigipassBlob *DPMAData, TKernelParms *CallParms, aat_ascii *MessageVector,
                                aat_ascii *PKBlob, aat_int32 *PKBlobLength);
aat_int32 AAL2GenPayloadKeyBlobICSF(TDigipassBlob *DPMAData, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                    aat_ascii *aInitialVectorIn, aat_ascii *MessageVector, aat_ascii *PKBlob,
                                    aat_int32 *PKBlobLength);
/* PKBlob: 88 characters, replaced. CallParms holds the values it is sealed under now. */
aat_int32 AAL2MigratePKBlob(aat_ascii *PKBlob, TKernelParms *CallParms, aat_int32 DeriveVector,
                            aat_int32 StorageDeriveKey1, aat_int32 StorageDeriveKey2, aat_int32 StorageDeriveKey3,
                            aat_int32 StorageDeriveKey4);
aat_int32 AAL2MigratePKBlobEx(aat_ascii *PKBlob, TKernelParms *CallParms, aat_int32 DeriveVector,
                              aat_int32 StorageDeriveKey1, aat_int32 StorageDeriveKey2, aat_int32 StorageDeriveKey3,
                              aat_int32 StorageDeriveKey4, aat_int32 StorageDeriveKey5, aat_int32 StorageDeriveKey6,
                              aat_int32 StorageDeriveKey7, aat_int32 StorageDeriveKey8);
/* The old name is null or empty for a payload key sealed in software. */
aat_int32 AAL2MigratePKBlobICSF(aat_ascii *PKBlob, TKernelParms *CallParms, aat_ascii *aOldStorageKeyName,
                                aat_ascii *aOldInitialVector, aat_ascii *aNewStorageKeyName,
                                aat_ascii *aNewInitialVector);
/* RequestBody: hexadecimal, width 1025. PKBlob: null or empty for messages without protection, here and below. */
aat_int32 AAL2GenMessageRequest(aat_ascii *PKBlob, TKernelParms *CallParms, aat_ascii *MessageVector,
                                aat_ascii *RequestBody, aat_ascii *RequestMessage, aat_int32 *RequestMessageLength);
aat_int32 AAL2GenMessageRequestICSF(aat_ascii *PKBlob, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                    aat_ascii *aInitialVectorIn, aat_ascii *MessageVector, aat_ascii *RequestBody,
                                    aat_ascii *RequestMessage, aat_int32 *RequestMessageLength);
/* ResponseBody, InformationBody: 1025 bytes. A device that refuses gives 5000 and its error code. */
aat_int32 AAL2ProcMessageResponse(aat_ascii *PKBlob, TKernelParms *CallParms, aat_ascii *ResponseMessage,
                                  aat_ascii *RequestMessage, aat_ascii *ResponseBody, aat_int32 *ResponseBodyLength);
aat_int32 AAL2ProcMessageResponseICSF(aat_ascii *PKBlob, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                      aat_ascii *aInitialVectorIn, aat_ascii *ResponseMessage,
                                      aat_ascii *RequestMessage, aat_ascii *ResponseBody,
                                      aat_int32 *ResponseBodyLength);
aat_int32 AAL2ProcMessageInformation(aat_ascii *PKBlob, TKernelParms *CallParms, aat_ascii *InformationMessage,
                                     aat_ascii *InformationBody, aat_int32 *InformationBodyLength);
aat_int32 AAL2ProcMessageInformationICSF(aat_ascii *PKBlob, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                         aat_ascii *aInitialVectorIn, aat_ascii *InformationMessage,
                                         aat_ascii *InformationBody, aat_int32 *InformationBodyLength);
/* SeqNum: the instance to end. DeactivationMessage: 51 bytes. */
aat_int32 AAL2GenMessageDeactivation(aat_ascii *PKBlob, TKernelParms *CallParms, aat_ascii *MessageVector,
                                     aat_int32 SeqNum, aat_ascii *DeactivationMessage,
                                     aat_int32 *DeactivationMessageLength);
aat_int32 AAL2GenMessageDeactivationICSF(aat_ascii *PKBlob, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                         aat_ascii *aInitialVectorIn, aat_ascii *MessageVector, aat_int32 SeqNum,
                                         aat_ascii *DeactivationMessage, aat_int32 *DeactivationMessageLength);
/* MessageSerial: 11 bytes. Any output may be null. */
aat_int32 AAL2GetMessageProperties(aat_ascii *Message, aat_int32 *MessageProtocolVersion, aat_int32 *MessageType,
                                   aat_int32 *MessageProtectionType, aat_int32 *IsMessageEncrypted,
                                   aat_int32 *IsMessageSigned, aat_ascii *MessageSerial);
/* MessageExpirationTime: greatest age in seconds, 0 for any. ConfirmationCode: 17 bytes. */
aat_int32 AAL2VerifyMessageSignature(TDigipassBlob *DPData, TKernelParms *CallParms, aat_int32 MessageExpirationTime,
                                     aat_ascii *Signature, aat_ascii *SignedMessage, aat_int32 DeferredSignatureData,
                                     aat_ascii *ConfirmationCode, aat_int32 *ConfirmationCodeLength);
aat_int32 AAL2VerifyMessageSignatureICSF(TDigipassBlob *DPData, TKernelParms *CallParms, aat_ascii *aStorageKeyNameIn,
                                         aat_ascii *aInitialVectorIn, aat_int32 MessageExpirationTime,
                                         aat_ascii *Signature, aat_ascii *SignedMessage,
                                         aat_int32 DeferredSignatureData, aat_ascii *ConfirmationCode,
                                         aat_int32 *ConfirmationCodeLength);
/* The same for COBOL: confirmation codes are filled with spaces, and numbers by reference may be big-endian, which
 * ParmCount shows. */
aat_int32 AA2VMSIC(TDigipassBlob *W_BLOB, TKernelParms *W_KERNELPARMS, aat_ascii *W_STORAGEKEY,
                   aat_ascii *W_INITVECTOR, aat_int32 W_MESSAGEEXPIRATIONTIME, aat_ascii *W_SIGNATURE,
                   aat_ascii *W_SIGNED_MESSAGE, aat_int32 W_SIGNATUREDATA, aat_ascii *W_CONFIRMCODE,
                   aat_int32 *W_CONFCODE_LENGTH);

/* ---- Import. 100: a token was delivered; 107: there was none left. ---- */

/* pFileName: width 4096. InitKey: 32 or 64 hexadecimal digits, width 65. appl_names: up to 8 of 13 bytes. */
aat_int32 AAL2DPXInit(TDPXHandle *dpx_Handle, aat_ascii *pFileName, aat_ascii *InitKey, aat_int16 *appli_count,
                      aat_ascii *appl_names, aat_int16 *token_count);
/* StaticVector: 4095 bytes; empty when the file has none. */
aat_int32 AAL2DPXGetStaticVector(TDPXHandle *dpx_Handle, TKernelParms *CallParms, aat_ascii *StaticVector,
                                 aat_int32 *StaticVectorLength);
/* MessageVector: 27 bytes; empty when the file has none. */
aat_int32 AAL2DPXGetMessageVector(TDPXHandle *dpx_Handle, TKernelParms *CallParms, aat_ascii *MessageVector,
                                  aat_int32 *MessageVectorLength);
/* Select_appl_name: width 12. Serial_Appli: 23 bytes. DIGIPASSType: 6. AuthMode: 3. */
aat_int32 AAL2DPXGetToken(TDPXHandle *dpx_Handle, TKernelParms *CallParms, aat_ascii *Select_appl_name,
                          aat_ascii *Serial_Appli, aat_ascii *DIGIPASSType, aat_ascii *AuthMode,
                          TDigipassBlob *DPData);
/* Appl_count: in, room for so many (1 to 8; anything else stands for 8). */
aat_int32 AAL2DPXGetTokenBlobs(TDPXHandle *dpx_Handle, TKernelParms *CallParms, aat_int16 *Appl_count,
                               aat_ascii Serial_Appli[8][23], aat_ascii *DIGIPASSType, aat_ascii AuthMode[8][2],
                               TDigipassBlob DPData[8]);
/* ActivationVector: 65 bytes. PKBlob: 89. Both are empty where there is none. */
aat_int32 AAL2DPXGetTokenBlobsEx(TDPXHandle *dpx_Handle, TKernelParms *CallParms, aat_int16 *Appl_count,
                                 aat_ascii Serial_Appli[8][23], aat_ascii TokenType[6], aat_ascii AuthMode[8][3],
                                 TDigipassBlob DPData[8], aat_int32 *SeqNumThreshold, aat_ascii *ActivationVector,
                                 aat_int32 *ActivationVectorLen);
aat_int32 AAL2DPXGetTokenBlobsEx2(TDPXHandle *dpx_Handle, TKernelParms *CallParms, aat_ascii Serial[11],
                                  aat_int16 *Appl_count, aat_ascii Serial_Appli[8][23], aat_ascii TokenType[6],
                                  aat_ascii AuthMode[8][3], TDigipassBlob DPData[8], aat_int32 *SeqNumThreshold,
                                  aat_ascii *ActivationVector, aat_int32 *ActivationVectorLen, aat_ascii *PKBlob,
                                  aat_int32 *PKBlobLen);
aat_int32 AAL2DPXClose(TDPXHandle *dpx_Handle);

#ifdef __cplusplus
}
#endif

#endif
