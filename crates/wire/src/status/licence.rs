//! Codes a device returns about its licence, firmware 6.0 and later (vendor header dinamo.h, 2021-03-31).

statuses! {
    (ERR_CANNOT_LOAD_LICENSE, 47000,
     "The licence file could not be loaded. Check that it is whole and was made for this unit.")
    (ERR_INVALID_LICENSE, 47001,
     "The licence is not valid for this unit. Ask the vendor for one made for its serial number.")
    (ERR_LICENSE_EXPIRED, 47002,
     "The licence has ended. Only an operator's login and loading a new licence are allowed until then.")
    (ERR_LICENSE_BLOCKED, 47003, "The licence is blocked. Contact the vendor.")
}
