//! Codes a device returns when it runs short of a resource (vendor header dinamo.h, 2021-03-31).

statuses! {
    (ERR_THROTTLED_VM_SIZE, 10000,
     "The device's processes use too much memory, so it slows requests down. Reduce the load and try again \
      later.")
    (ERR_THROTTLED_RAM, 10001,
     "The device is short of free memory, so it turns requests away. Reduce the load and try again later.")
    (ERR_CANNOT_ALLOC_SOCKET, 11000, "The device has no socket left. Close idle connections.")
    (ERR_CANNOT_ALLOC_MEM, 11001,
     "The device ran out of memory for this request. Try again later or send less data.")
    (ERR_CANNOT_ALLOC_KEY, 11002,
     "The device could not reserve memory for a key. Close sessions that hold keys open.")
    (ERR_CANNOT_ALLOC_SL_BE_HANDLE, 11003,
     "The storage back end has no handle left. Wait for running operations to end.")
    (ERR_CANNOT_ALLOC_IOM, 11004,
     "The device's IOM component could not be reserved. Reduce the number of concurrent requests.")
    (ERR_CANNOT_INIT_DRBG, 11005,
     "The random generator could not be started. Restart the device; without it no key can be made.")
    (ERR_CANNOT_SEED_DRBG, 11006,
     "The random generator got no fresh entropy. Restart the device and check its hardware.")
    (ERR_CANNOT_USE_IOM, 11007,
     "The device's IOM component is not usable. Restart the service and look at the log.")
    (ERR_CANNOT_ALLOC_OBJ_HANDLE, 11008,
     "The device has no object handle left. Close the objects that are open.")
    (ERR_REPL_CANNOT_ALLOC_SL_BE_HANDLE, 11009,
     "Replication found no storage handle left. Wait for running operations to end, then repeat the write.")
    (ERR_CANNOT_ALLOC_TLS_CTX, 11010,
     "The device could not create a TLS context. Reduce the number of encrypted sessions.")
    (ERR_CANNOT_ALLOC_TLS_SOCKET, 11011,
     "The device could not create a TLS connection. Reduce the number of encrypted sessions.")
    (ERR_CANNOT_SERIALIZE_XML, 11012, "The device had no room to write the XML out. Use a smaller document.")
    (ERR_CANNOT_ALLOC_BN, 11013, "The device had no memory for a large number. Try again later.")
    (ERR_CANNOT_ALLOC_JSON, 11014, "The device had no memory for JSON. Try again later.")
}
