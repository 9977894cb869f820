package dev.coxswain.executors.deliverable;

import tools.jackson.databind.node.ObjectNode;

/** A checked deliverable in its normal form: what the control plane would change is changed already. */
public sealed interface Deliverable permits TextFile, Chart, Table, ItemList, Checklist, Svg {
    Kind kind();

    /** What a placeholder names it by: its id, and for a file its safe name. */
    String reference();

    /** As it is sent; absent optional fields are left out. */
    ObjectNode toJson();
}
