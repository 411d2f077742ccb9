using System.Text;
using Platform.Chain;
using Platform.Hosting;

namespace Platform.Embedded;

/// <summary>The local installation's own signer: made at first start, readable by its owner only.</summary>
internal static class MinterKey
{
    public static Address ReadOrCreate(DataFolder folder)
    {
        if (!File.Exists(folder.MinterKey))
        {
            using var made = EthereumKey.Create();
            SecretFile.Write(folder.MinterKey, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(made.ExportPrivateKey())));
        }

        using var key = EthereumKey.FromHex(File.ReadAllText(folder.MinterKey).Trim());
        return key.Address;
    }
}
