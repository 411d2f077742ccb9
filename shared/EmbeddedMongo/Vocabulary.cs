using System.Collections.Frozen;

namespace Platform.EmbeddedMongo;

/// <summary>Every name this server serves, and those of MongoDB it refuses by name; README.md repeats the first.</summary>
internal static class Vocabulary
{
    public static readonly FrozenSet<string> QueryOperators = FrozenSet.Create(
        "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$and", "$or", "$nor", "$not", "$exists",
        "$type", "$size", "$all", "$elemMatch", "$comment");

    public static readonly FrozenSet<string> UpdateOperators = FrozenSet.Create(
        "$set", "$setOnInsert", "$unset", "$inc", "$min", "$max", "$rename", "$push", "$addToSet", "$pull",
        "$pullAll", "$pop");

    public static readonly FrozenSet<string> LeftOutQueryOperators = FrozenSet.Create(
        "$regex", "$options", "$mod", "$expr", "$where", "$text", "$jsonSchema", "$geoWithin", "$geoIntersects",
        "$near", "$nearSphere", "$bitsAllSet", "$bitsAllClear", "$bitsAnySet", "$bitsAnyClear", "$sampleRate",
        "$rand", "$alwaysTrue", "$alwaysFalse");

    public static readonly FrozenSet<string> LeftOutUpdateOperators = FrozenSet.Create(
        "$mul", "$bit", "$currentDate");

    /// <summary>Options of MongoDB's commands that are refused unless they are false or empty.</summary>
    public static readonly FrozenSet<string> LeftOutOptions = FrozenSet.Create(
        "hint", "let", "tailable", "awaitData", "oplogReplay", "noCursorTimeout", "returnKey", "showRecordId", "min",
        "max", "arrayFilters", "explain", "sort", "capped", "size", "timeseries", "validator", "validationLevel",
        "validationAction", "viewOn", "pipeline", "changeStreamPreAndPostImages", "clusteredIndex", "autoIndexId",
        "commitQuorum", "stmtId", "encryptionInformation", "c");

    /// <summary>Fields any command may carry.</summary>
    public static readonly FrozenSet<string> GenericFields = FrozenSet.Create(
        "$db", "lsid", "$clusterTime", "$readPreference", "comment", "maxTimeMS", "readConcern", "writeConcern",
        "collation", "apiVersion", "apiStrict", "apiDeprecationErrors", "backpressure");
}
