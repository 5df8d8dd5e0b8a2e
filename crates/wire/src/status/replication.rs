//! Codes a device returns when nodes replicate (vendor header dinamo.h, 2021-03-31).

statuses! {
    (ERR_REPLICATION_BUSY, 36000, "Another replicated change is running. Wait a moment and repeat yours.")
    (ERR_REPLICATION_D_BUSY, 36001,
     "Another replicated change is running; the vendor does not say what its variant D means. Wait a \
      moment and repeat yours.")
    (ERR_REPLICATION_S_BUSY, 36002,
     "Another replicated change is running; the vendor does not say what its variant S means. Wait a \
      moment and repeat yours.")
    (ERR_REPLICATION_STORAGE_LAYER_BUSY, 36003,
     "Storage is busy with another replicated change. Wait a moment and repeat yours.")
    (ERR_REPLICATION_SEC_LAYER_BUSY, 36004,
     "The security layer is busy with another replicated change. Wait a moment and repeat yours.")
    (ERR_REPLICATION_PEER_NOT_SYNCED, 36500,
     "Another node has a different state, so no change is accepted. Synchronise the node that lags.")
    (ERR_REPLICATION_CANNOT_PREPARE_TRANS, 37001,
     "Not every node could prepare the change, so none made it. Bring all nodes back and repeat it.")
    (ERR_REPLICATION_CANNOT_P2P_HANDSHAKE, 37002,
     "Two nodes did not agree when greeting each other. Compare their firmware, mode and server master \
      key.")
    (ERR_REPLICATION_CANNOT_P2P_FIND, 37003,
     "A node of the domain was not found. Check discovery and the node list.")
    (ERR_REPLICATION_CANNOT_P2P_CONNECT, 37004,
     "A node did not accept the connection. Check that it runs and that the network lets nodes reach each \
      other.")
    (ERR_REPLICATION_CANNOT_P2P_SEND, 37005,
     "A message could not be sent to a node. Check the network between the nodes, then repeat the change.")
    (ERR_REPLICATION_CANNOT_P2P_RECV, 37006,
     "A node did not answer. Check whether it is up; until it is, writes are refused.")
    (ERR_REPLICATION_CANNOT_P2P_SEND_ALL, 37007,
     "A message could not be sent to every node. Find the node that is down.")
    (ERR_REPLICATION_CANNOT_P2P_RECV_ALL, 37008,
     "Not every node answered. Find the one that is missing in the replication status.")
    (ERR_REPLICATION_CANNOT_P2P_SCONNECT, 37009,
     "The secure connection to a node failed. Compare the nodes' server master key.")
    (ERR_REPLICATION_CANNOT_P2P_SSEND, 37010,
     "A message could not be sent to a node over the secure connection. Check the network between the \
      nodes.")
    (ERR_REPLICATION_CANNOT_P2P_SRECV, 37011,
     "A node did not answer over the secure connection. Check whether it is up.")
    (ERR_REPLICATION_CANNOT_P2P_SSEND_ALL, 37012,
     "A message could not be sent to every node over the secure connections. Find the node that is down.")
    (ERR_REPLICATION_CANNOT_P2P_SRECV_ALL, 37013,
     "Not every node answered over its secure connection. Find the one that is missing.")
    (ERR_REPLICATION_CANNOT_P2P_WORK, 37014,
     "The link between nodes stopped working. Look at the logs of both nodes.")
    (ERR_REPLICATION_NOT_FOUND, 37015,
     "The replicated transaction or node named is unknown here. Compare the nodes' states.")
    (ERR_REPLICATION_ACK_NOT_FOUND, 37016,
     "No acknowledgement is recorded for that transaction. Check the outcome on each node before repeating \
      it.")
    (ERR_REPLICATION_INVALID_OPERATION, 37017,
     "A node asked for something replication does not allow at that point. Check that all nodes run the \
      same firmware.")
    (ERR_REPLICATION_INVALID_EVENT, 37018,
     "A node sent an event that is not known. Check that all nodes run the same firmware.")
    (ERR_REPLICATION_OPERATION_FAILED, 37019,
     "A node failed to carry out its part of the change. Read that node's log.")
    (ERR_REPLICATION_COMMIT_FAILED, 37020,
     "The change was prepared but not confirmed everywhere. Check each node before repeating it.")
    (ERR_REPLICATION_ERASE_FAILED, 37021,
     "A finished transaction could not be erased from the replication log. Check the node's disk.")
    (ERR_REPLICATION_INQUIRE_FAILED, 37022,
     "A node could not be asked about a transaction's outcome. Wait until it is reachable.")
    (ERR_REPLICATION_UPDATE_ACK_FAILED, 37023,
     "A node's acknowledgement could not be recorded. Check the coordinator's disk.")
    (ERR_REPLICATION_DISPATCH_FAILED, 37024,
     "An event could not be handed to the part that handles it. Restart the service of that node.")
    (ERR_REPLICATION_CANNOT_SL_BE_TRANSP, 37025,
     "Storage could not pass the replicated change through. Check the disk of the node that reports this.")
    (ERR_REPLICATION_CANNOT_PRUNE_LOG, 37026,
     "Old entries could not be cut from the replication log. Check the free space.")
    (ERR_REPLICATION_CANNOT_LOAD_LOG, 37027,
     "The replication log could not be loaded. The node must be synchronised anew.")
    (ERR_REPLICATION_CANNOT_WORK, 37028,
     "Replication cannot run on this node. Check its configuration and its server master key.")
    (ERR_REPLICATION_CANNOT_VALIDATE_EVENT, 37029,
     "An event from a node failed its check and was refused. Compare the nodes' firmware and key.")
    (ERR_REPLICATION_TRANS_MISMATCH, 37030,
     "The node answered about another transaction than the one asked. Repeat the change; check the node's \
      log.")
    (ERR_REPLICATION_CANNOT_SYNC_POINT, 37031,
     "The sync point could not be read or advanced. Compare the sync points of all nodes.")
    (ERR_REPLICATION_UNDEFINED_LIVE_SYNC, 37032,
     "The source or the aim of the live synchronisation is not defined. Choose the node to copy from.")
    (ERR_REPLICATION_CONNECTED_LIVE_SYNC, 37033,
     "The node is connected to the domain, and live synchronisation needs it apart. Take it out of the \
      domain first.")
    (ERR_REPLICATION_SELF_LIVE_SYNC, 37034, "A node cannot synchronise from itself. Choose another node.")
    (ERR_REPLICATION_OBJ_IN_USE, 37035,
     "The object is part of another replicated change. Wait a moment and try again.")
    (ERR_REPLICATION_CANNOT_BEGIN_TRANS, 37036,
     "The replicated change could not begin. Check that every node is reachable and in step.")
    (ERR_REPLICATION_MAX_NODE_COUNT_REACHED, 37037,
     "The replication domain is full. Remove a node before adding another.")
    (ERR_REPL_CANNOT_PREPARE_LS_TRANS, 37038,
     "The live synchronisation's transaction could not be prepared. Start the synchronisation again.")
    (ERR_REPL_PART_CANNOT_ADD_LOG, 37039,
     "A participating node could not write its replication log, so the change was refused. Check its disk.")
    (ERR_REPL_COOR_CANNOT_ADD_LOG, 37040,
     "The coordinating node could not write its replication log, so the change was refused. Check its \
      disk.")
}
