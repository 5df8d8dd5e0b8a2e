/* Every size and offset of aal2sdk.h, as the vendor's documents and public callers have them. Compiles or does not. */
#include <stddef.h>

#include "aal2sdk.h"

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type)
#define AT(type, field, offset, bytes)                                                                                 \
    _Static_assert(offsetof(type, field) == (offset) && sizeof(((type *)0)->field) == (bytes), #type "." #field)

SIZE(aat_ascii, 1);
SIZE(aat_byte, 1);
SIZE(aat_int16, 2);
SIZE(aat_int32, 4);
SIZE(aat_word32, 4);

SIZE(TDigipassBlob, 248);
_Static_assert(_Alignof(TDigipassBlob) == 1, "alignment");
AT(TDigipassBlob, Serial, 0, 10);
AT(TDigipassBlob, AppName, 10, 12);
AT(TDigipassBlob, DPFlags, 22, 2);
AT(TDigipassBlob, Blob, 24, 224);

SIZE(TKernelParms, 96);
AT(TKernelParms, ParmCount, 0, 4);
AT(TKernelParms, ITimeWindow, 4, 4);
AT(TKernelParms, STimeWindow, 8, 4);
AT(TKernelParms, DiagLevel, 12, 4);
AT(TKernelParms, GMTAdjust, 16, 4);
AT(TKernelParms, CheckChallenge, 20, 4);
AT(TKernelParms, IThreshold, 24, 4);
AT(TKernelParms, SThreshold, 28, 4);
AT(TKernelParms, ChkInactDays, 32, 4);
AT(TKernelParms, DeriveVector, 36, 4);
AT(TKernelParms, SyncWindow, 40, 4);
AT(TKernelParms, OnLineSG, 44, 4);
AT(TKernelParms, EventWindow, 48, 4);
AT(TKernelParms, HSMSlotId, 52, 4);
AT(TKernelParms, StorageKeyId, 56, 4);
AT(TKernelParms, TransportKeyId, 60, 4);
AT(TKernelParms, StorageDeriveKey1, 64, 4);
AT(TKernelParms, StorageDeriveKey2, 68, 4);
AT(TKernelParms, StorageDeriveKey3, 72, 4);
AT(TKernelParms, StorageDeriveKey4, 76, 4);
AT(TKernelParms, StorageDeriveKey5, 80, 4);
AT(TKernelParms, StorageDeriveKey6, 84, 4);
AT(TKernelParms, StorageDeriveKey7, 88, 4);
AT(TKernelParms, StorageDeriveKey8, 92, 4);

SIZE(TDigipassInfo, 82);
AT(TDigipassInfo, TokenModel, 0, 6);
AT(TDigipassInfo, UseCount, 6, 7);
AT(TDigipassInfo, LastTimeUsed, 13, 25);
AT(TDigipassInfo, LastTimeShift, 38, 7);
AT(TDigipassInfo, ErrorCount, 45, 4);
AT(TDigipassInfo, CodeWord, 49, 9);
AT(TDigipassInfo, TripleDes, 58, 4);
AT(TDigipassInfo, MaxInputFields, 62, 2);
AT(TDigipassInfo, ResponseLength, 64, 3);
AT(TDigipassInfo, ResponseType, 67, 4);
AT(TDigipassInfo, ResponseChecksum, 71, 4);
AT(TDigipassInfo, TimeStepUsed, 75, 7);

SIZE(aat_uint16, 2);
SIZE(TData, 8 + sizeof(void *));
AT(TData, Type, 0, 4);
AT(TData, Size, 4, 2);
AT(TData, AllocatedSize, 6, 2);
AT(TData, Value, 8, sizeof(void *));

SIZE(TDPXHandle, 2 * sizeof(void *));
AT(TDPXHandle, Context, 0, sizeof(void *));
AT(TDPXHandle, Data, sizeof(void *), sizeof(void *));

int main(void) { return 0; }
