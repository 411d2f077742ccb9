namespace Platform.EmbeddedMongo;

/// <summary>The type bytes of BSON, and the order in which MongoDB compares values of different types.</summary>
internal static class BsonType
{
    public const byte Double = 1;
    public const byte String = 2;
    public const byte Document = 3;
    public const byte Array = 4;
    public const byte Binary = 5;
    public const byte Undefined = 6;
    public const byte ObjectId = 7;
    public const byte Boolean = 8;
    public const byte DateTime = 9;
    public const byte Null = 10;
    public const byte Regex = 11;
    public const byte DbPointer = 12;
    public const byte Code = 13;
    public const byte Symbol = 14;
    public const byte CodeWithScope = 15;
    public const byte Int32 = 16;
    public const byte Timestamp = 17;
    public const byte Int64 = 18;
    public const byte Decimal128 = 19;
    public const byte MaxKey = 127;
    public const byte MinKey = 255;

    /// <summary>Place of a type in the order between types; as a key's first byte it is neither 0 nor 255.</summary>
    public static byte Rank(byte type) => type switch
    {
        MinKey => 1,
        Undefined => 3,
        Null => 5,
        Double or Int32 or Int64 or Decimal128 => 10,
        String or Symbol => 15,
        Document => 20,
        Array => 25,
        Binary => 30,
        ObjectId => 35,
        Boolean => 40,
        DateTime => 45,
        Timestamp => 47,
        Regex => 50,
        DbPointer => 55,
        Code => 60,
        CodeWithScope => 65,
        _ => 127,
    };

    public static bool IsNumber(byte type) => type is Double or Int32 or Int64 or Decimal128;

    /// <summary>The name `$type` and error messages use.</summary>
    public static string Name(byte type) => type switch
    {
        Double => "double",
        String => "string",
        Document => "object",
        Array => "array",
        Binary => "binData",
        Undefined => "undefined",
        ObjectId => "objectId",
        Boolean => "bool",
        DateTime => "date",
        Null => "null",
        Regex => "regex",
        DbPointer => "dbPointer",
        Code => "javascript",
        Symbol => "symbol",
        CodeWithScope => "javascriptWithScope",
        Int32 => "int",
        Timestamp => "timestamp",
        Int64 => "long",
        Decimal128 => "decimal",
        MinKey => "minKey",
        _ => "maxKey",
    };

    public static bool TryParse(string name, out byte type)
    {
        for (var candidate = 1; candidate <= 255; candidate++)
        {
            if ((candidate is <= Decimal128 or MaxKey or MinKey) && Name((byte)candidate) == name)
            {
                type = (byte)candidate;
                return true;
            }
        }

        type = 0;
        return false;
    }
}
